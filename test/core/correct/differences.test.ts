import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addCounts, NO_COUNTS, rates as ratesOf } from '../../../src/core/evaluate/rates';
import { countEntities } from '../../../src/core/evaluate/entityCounts';
import { asAnnotation, compareNote, extent } from '../../../src/core/correct/differences';
import type { Difference } from '../../../src/core/correct/differences';
import { withoutRejection, withRejection } from '../../../src/core/correct/rejections';
import type { Annotation } from '../../../src/core/corpus/document';
import type { Entity } from '../../../src/core/text/entity';
import { on } from './support';

const note = 'Refere dor torácica aos esforços e edema em MMII e MMSS.';

function predicted(label: string, words: string): Entity {
  return { label, ...on(note, label, words).fragments[0]!, score: 0.5 };
}

function drawn({ kind, gold, predicted }: Difference): string {
  const words = (one: Annotation): string =>
    `${one.label} ${one.fragments.map(({ start, end }) => note.slice(start, end)).join(' … ')}`;
  const sides = [gold && words(gold), predicted && words({ label: predicted.label, fragments: [predicted] })];
  return [kind, ...sides.map((side) => side ?? '-')].join(' | ');
}

describe('gold against predicted', () => {
  it('names each way to differ, nested and discontinuous annotations too', () => {
    const { differences, rates } = compareNote(
      [
        on(note, 'Disorders', 'dor torácica'),
        on(note, 'Anatomy', 'torácica'),
        on(note, 'Physiology', 'esforços'),
        on(note, 'Disorders', 'edema … MMSS'),
        on(note, 'Anatomy', 'MMII'),
      ],
      [
        predicted('Disorders', 'dor'),
        predicted('Anatomy', 'torácica'),
        predicted('Phenomena', 'esforços'),
        predicted('Devices', 'edema em'),
        predicted('Living Beings', 'Refere'),
      ],
    );
    assert.deepEqual(differences.map(drawn), [
      'spurious | - | Living Beings Refere',
      'boundary | Disorders dor torácica | Disorders dor',
      'correct | Anatomy torácica | Anatomy torácica',
      'label | Physiology esforços | Phenomena esforços',
      'both | Disorders edema … MMSS | Devices edema em',
      'missed | Anatomy MMII | -',
    ]);
    assert.deepEqual([rates.precision, rates.recall], [1 / 5, 1 / 5]);
  });

  it('pairs what agrees most before what merely overlaps', () => {
    const { differences } = compareNote(
      [on(note, 'Disorders', 'dor torácica'), on(note, 'Disorders', 'torácica aos')],
      [predicted('Disorders', 'torácica aos'), predicted('Disorders', 'dor torácica aos esforços')],
    );
    assert.deepEqual(differences.map(({ kind }) => kind).sort(), ['boundary', 'correct']);
  });

  it('does not let a rejected prediction come back, nor hide one that gold holds', () => {
    const dor = predicted('Disorders', 'dor');
    const rejections = withRejection(withRejection([], dor), dor);
    assert.equal(rejections.length, 1);
    const kinds = (gold: Annotation[]): string[] =>
      compareNote(gold, [dor], rejections).differences.map(({ kind }) => kind);
    assert.deepEqual(kinds([]), ['rejected']);
    assert.deepEqual(kinds([on(note, 'Disorders', 'dor torácica')]), ['missed', 'rejected']);
    assert.deepEqual(kinds([on(note, 'Disorders', 'dor')]), ['correct']);
    assert.deepEqual(withoutRejection(rejections, dor), []);
  });

  it('tells every annotation and every prediction once, and rates that follow from what is told', () => {
    const spans = fc
      .tuple(fc.nat(20), fc.integer({ min: 1, max: 6 }))
      .map(([start, length]) => ({ start, end: start + length }));
    const labels = fc.constantFrom('A', 'B', 'C');
    const golds = fc.array(fc.record({ label: labels, fragments: fc.tuple(spans) }), { maxLength: 8 });
    const entities = fc.array(
      fc.tuple(labels, spans).map(([label, span]): Entity => ({ label, ...span, score: 0.5 })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(golds, entities, (gold, found) => {
        const { differences, rates } = compareNote(gold, found);
        assert.deepEqual(new Set(differences.flatMap(({ gold: one }) => one ?? [])), new Set(gold));
        assert.equal(differences.filter(({ gold: one }) => one).length, gold.length);
        assert.equal(differences.filter(({ predicted: one }) => one).length, found.length);
        const annotations = found.map(asAnnotation);
        const strict = countEntities(gold, annotations, ['A', 'B', 'C']).strict.reduce(addCounts, NO_COUNTS);
        assert.deepEqual(rates, ratesOf(strict));
        const correct = differences.filter(({ kind }) => kind === 'correct').length;
        assert.equal(rates.precision, found.length === 0 ? 0 : correct / found.length);
        assert.equal(rates.recall, gold.length === 0 ? 0 : correct / gold.length);
        for (const one of differences) assert.ok(extent(one).start < extent(one).end);
      }),
    );
  });
});
