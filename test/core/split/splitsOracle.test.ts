import assert from 'node:assert/strict';
import { labelTable, columnTotals } from '../../../src/core/split/labelTable';
import { withPairs } from '../../../src/core/split/pairs';
import { measureSplit } from '../../../src/core/split/measures';
import type { SplitMethod } from '../../../src/core/split/split';
import { splitParts } from '../../../src/core/split/split';
import corpora from '../../oracles/splits.json';
import { labelName, randomCorpus } from './randomCorpus';

const ratios = { '60/20/20': [60, 20, 20], '5 folds': [1, 1, 1, 1, 1] } as const;

const [LD, ED, LDP] = [0, 1, 2];

/** Order 1 sets out to lower LD, order 2 LDP without losing LD to the package that also heeds pairs. */
function aims(method: 'is' | 'sois', rival: string): number[] {
  if (method === 'is') return [LD];
  return rival.startsWith('scikit-multilearn') ? [LD, LDP] : [LDP];
}

function measured(corpus: (typeof corpora)[number], method: SplitMethod, ratio: readonly number[]) {
  const notes = randomCorpus(corpus);
  const names = Array.from({ length: corpus.labels }, (_, label) => labelName(label));
  const table = withPairs(
    labelTable(
      notes.map(({ labels }) => labels),
      names,
    ),
  );
  assert.deepEqual([...columnTotals(table).subarray(0, corpus.labels)], corpus.labelTotals);
  const { parts } = splitParts(notes, { method, ratio, seed: 1, minNotes: 1 });
  const { labelDistribution, examplesDistribution, pairDistribution } = measureSplit(table, parts, ratio);
  return [labelDistribution, examplesDistribution, pairDistribution!];
}

/** LD of ours over a rival's, the mean of a rival's runs over all corpora. */
function meanRatios(method: 'is' | 'sois', name: keyof typeof ratios): Map<string, number> {
  const found = new Map<string, number[]>();
  for (const corpus of corpora) {
    const ours = measured(corpus, method, ratios[name])[LD]!;
    for (const [rival, runs] of Object.entries(corpus.rivals[name])) {
      if (runs.length === 0) continue;
      const own = found.get(rival) ?? [];
      found.set(rival, [...own, ...runs.map((run) => ours / run[LD]!)]);
    }
  }
  return new Map([...found].map(([rival, own]) => [rival, own.reduce((a, b) => a + b, 0) / own.length]));
}

/** Odds depend on the sizes, so label measures compare among runs whose sizes are as even as ours. */
describe('splits against scikit-multilearn and iterative-stratification', () => {
  for (const [name, ratio] of Object.entries(ratios)) {
    for (const method of ['is', 'sois'] as const) {
      it(`${method} of 50 random corpora, ${name}: sizes never worse, nor labels at the same sizes`, () => {
        for (const corpus of corpora) {
          const ours = measured(corpus, method, ratio);
          for (const [rival, runs] of Object.entries(corpus.rivals[name as keyof typeof ratios])) {
            for (const run of runs) {
              const line = `corpus ${corpus.seed}: [LD, ED, LDP] ${ours.join(', ')}; ${rival} ${run.join(', ')}`;
              assert.ok(ours[ED]! <= run[ED]! + 1e-8, line);
              if (run[ED]! > ours[ED]! + 1e-8) continue;
              for (const aim of aims(method, rival)) assert.ok(ours[aim]! <= run[aim]! + 1e-8, line);
            }
          }
        }
      });
    }
  }

  for (const name of ['60/20/20', '5 folds'] as const) {
    it(`${name}: labels lie a fifth more evenly than those of any rival, whatever its sizes, in the mean`, () => {
      for (const method of ['is', 'sois'] as const) {
        for (const [rival, ratio] of meanRatios(method, name)) assert.ok(ratio < 0.8, `${rival}: ${ratio}`);
      }
    });
  }
});
