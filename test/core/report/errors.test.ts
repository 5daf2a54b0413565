import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LabelledSpan, ScoredSpan } from '../../../src/core/report/errors';
import { noteErrors } from '../../../src/core/report/errors';

const span = (label: string, start: number, end: number): LabelledSpan => ({ label, start, end });
const said = (label: string, start: number, end: number): ScoredSpan => ({ label, start, end, score: 0.8 });
const kinds = (gold: LabelledSpan[], predicted: ScoredSpan[]): string[] =>
  noteErrors(gold, predicted).map(({ kind }) => kind);

describe('a note’s mistakes', () => {
  it('are none where all is found', () => {
    assert.deepEqual(kinds([span('A', 0, 4), span('B', 0, 4)], [said('B', 0, 4), said('A', 0, 4)]), []);
  });

  it('have a kind each', () => {
    assert.deepEqual(kinds([span('A', 0, 4)], []), ['missed']);
    assert.deepEqual(kinds([], [said('A', 0, 4)]), ['spurious']);
    assert.deepEqual(kinds([span('A', 0, 4)], [said('B', 0, 4)]), ['wrong label']);
    assert.deepEqual(kinds([span('A', 0, 4)], [said('A', 2, 6)]), ['wrong boundary']);
    assert.deepEqual(kinds([span('A', 0, 4)], [said('B', 2, 6)]), ['wrong label and boundary']);
  });

  it('of spans that only touch are two', () => {
    assert.deepEqual(kinds([span('A', 0, 4)], [said('A', 4, 6)]), ['missed', 'spurious']);
  });

  it('pair what has the same place before what has the same label, and the larger overlap first', () => {
    const gold = [span('A', 0, 10)];
    const errors = noteErrors(gold, [said('B', 0, 10), said('A', 8, 12)]);
    assert.deepEqual(
      errors.map(({ kind, predicted }) => [kind, predicted?.label]),
      [
        ['wrong label', 'B'],
        ['spurious', 'A'],
      ],
    );
    const [wrong] = noteErrors(gold, [said('A', 0, 2), said('A', 2, 9)]);
    assert.deepEqual(wrong!.predicted, said('A', 2, 9));
  });

  const spans = fc.array(fc.tuple(fc.constantFrom('A', 'B'), fc.nat(12), fc.integer({ min: 1, max: 5 })), {
    maxLength: 8,
  });

  it('hold every entity once at most, and with what is right every one', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const gold = a.map(([label, start, length]) => span(label, start, start + length));
        const predicted = b.map(([label, start, length]) => said(label, start, start + length));
        const errors = noteErrors(gold, predicted);
        const golds = errors.flatMap(({ gold: one }) => one ?? []);
        const answers = errors.flatMap(({ predicted: one }) => one ?? []);
        assert.equal(new Set(golds).size, golds.length);
        assert.equal(new Set(answers).size, answers.length);
        // What is left on either side is the same: the entities that were found.
        const left = (all: readonly LabelledSpan[], taken: readonly LabelledSpan[]): string[] =>
          all
            .filter((one) => !taken.includes(one))
            .map(({ label, start, end }) => `${label} ${start} ${end}`)
            .sort();
        assert.deepEqual(left(gold, golds), left(predicted, answers));
      }),
    );
  });
});
