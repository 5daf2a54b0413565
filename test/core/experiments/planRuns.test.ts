import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keptModels } from '../../../src/core/experiments/keptModels';
import type { PlanFile } from '../../../src/core/experiments/plan';
import { planFile } from '../../../src/core/experiments/plan';
import { askedRuns, encoderName, shareOf, withRuns } from '../../../src/core/experiments/planRuns';
import { strategies } from '../../../src/core/train/balance/strategy';

const plan = (runs: PlanFile['runs'], keepModels: PlanFile['keepModels'] = 'best'): PlanFile => ({
  format: 'anamnese-plan',
  version: 1,
  name: 'plan',
  corpus: { path: 'notes', sha256: '' },
  encoders: [{ name: 'e5', path: 'e5', sha256: '' }],
  training: { preset: 'default' },
  keepModels,
  runs,
});
const asked = (seeds: number[]) =>
  askedRuns({ encoders: ['e5', 'bert'], strategies, schemes: ['IO', 'BIO'], seeds, evaluations: [] });

describe('runs of a plan', () => {
  it('have ids of their own that the plan’s format takes', () => {
    const runs = asked([1, 2, 3]);
    assert.equal(new Set(runs.map(({ id }) => id)).size, 60);
    assert.deepEqual(planFile.parse(plan(runs)).runs, runs);
  });

  it('are the same whatever was asked before: what is there stays in its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), { minLength: 1 }),
        (asks) => {
          let grown = plan([]);
          for (const seeds of asks) {
            const before = grown.runs;
            grown = withRuns(grown, asked([...new Set(seeds)]));
            assert.deepEqual(grown.runs.slice(0, before.length), before);
          }
          const all = new Set(asked([...new Set(asks.flat())]).map(({ id }) => id));
          assert.deepEqual(new Set(grown.runs.map(({ id }) => id)), all);
          assert.equal(grown.runs.length, all.size);
        },
      ),
    );
  });

  it('are shared out without gap or overlap, and shares only grow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (of) => {
        const [first, grown] = [plan(asked([1])), withRuns(plan(asked([1])), asked([1, 2]))];
        const shares = (one: PlanFile) => Array.from({ length: of }, (_, i) => shareOf(one, i + 1, of));
        assert.deepEqual(shares(grown).flat().sort(), grown.runs.map(({ id }) => id).sort());
        for (const [i, share] of shares(first).entries())
          assert.deepEqual(shares(grown)[i]!.slice(0, share.length), share);
      }),
    );
  });

  it('name encoders so that every file system takes it, each its own', () => {
    assert.equal(encoderName('multilingual-e5-small', []), 'multilingual-e5-small');
    assert.equal(encoderName('BERTimbau Português', []), 'bertimbau-portugues');
    assert.equal(encoderName('e5', ['e5', 'e5-2']), 'e5-3');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 }), (folders) => {
        const names: string[] = [];
        for (const folder of folders) names.push(encoderName(folder, names));
        assert.equal(new Set(names).size, names.length);
        for (const name of names) assert.match(name, /^[a-z0-9][a-z0-9._-]*$/);
      }),
    );
  });
});

describe('keptModels', () => {
  const runs = asked([1]).slice(0, 3);
  const record = (microF1: number) => ({
    history: [
      { epoch: 0, loss: 1, validation: { microF1: 0.99, macroF1: 0, threshold: 0.5 } },
      { epoch: 1, loss: 1, validation: { microF1, macroF1: 0, threshold: 0.5 } },
    ],
    bestEpoch: 1,
  });
  const records = new Map(runs.map(({ id }, i) => [id, record([0.5, 0.7, 0.7][i]!)]));

  for (const [keep, kept] of [
    ['none', []],
    ['best', [runs[1]!.id]],
    ['all', runs.map(({ id }) => id)],
  ] as const)
    it(`${keep} of the finished ones`, () =>
      assert.deepEqual([...keptModels(plan(asked([1]), keep), records)], kept));
});
