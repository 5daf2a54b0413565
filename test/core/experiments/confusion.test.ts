import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countUnits, textUnits } from '../../../src/core/evaluate/textUnits';
import { countConfusion } from '../../../src/core/experiments/confusion';
import { scoreHistogram } from '../../../src/core/experiments/scoreHistograms';
import { countAbove } from '../../../src/core/evaluate/scoredRows';

const LABELS = ['A', 'B', 'C'];

/** Spans drawn under the text: a letter where a label begins and goes on, a line a layer. */
function drawn(...layers: string[]) {
  return layers.flatMap((layer) =>
    [...layer.matchAll(/([A-Z])\1*/g)].map(({ 0: run, index }) => ({
      label: run[0]!,
      fragments: [{ start: index, end: index + run.length }],
    })),
  );
}

describe('countConfusion', () => {
  for (const [what, gold, predicted, cells] of [
    [
      'equal spans on the diagonal, the rest as no label',
      ['AAA BB  '],
      ['AAA BB  '],
      { AA: 3, BB: 2, '--': 3 },
    ],
    ['what was taken for another label', ['AAAA    '], ['  BBBB  '], { 'A-': 2, AB: 2, '-B': 2, '--': 2 }],
    ['misses and false alarms', ['AA      '], ['      CC'], { 'A-': 2, '-C': 2, '--': 4 }],
    [
      'nested labels, of which one is found',
      ['AAAA    ', ' BB     '],
      [' BB     '],
      { BB: 2, 'A-': 4, '--': 4 },
    ],
    [
      'nested labels, of which one is taken for another',
      ['AAAA    ', ' BB     '],
      ['AAAA    ', ' CC     '],
      { AA: 4, BC: 2, '--': 4 },
    ],
    [
      'every pair of labels that only one side has',
      ['AA      ', 'BB      '],
      ['CC      '],
      { AC: 2, BC: 2, '--': 6 },
    ],
    ['labels that are not asked for as none', ['ZZ      '], ['A       '], { '-A': 1, '--': 7 }],
  ] as [string, string[], string[], Record<string, number>][])
    it(what, () => {
      const [matrix] = [
        countConfusion([{ text: 'abc defg', gold: drawn(...gold), predicted: drawn(...predicted) }], LABELS),
      ];
      const names = [...LABELS, '-'];
      const found = matrix.flatMap((row, from) =>
        row.flatMap((count, to) => (count > 0 ? [[`${names[from]}${names[to]}`, count] as const] : [])),
      );
      assert.deepEqual(Object.fromEntries(found.sort()), Object.fromEntries(Object.entries(cells).sort()));
    });

  it('counts code points, and agrees with the counts of the text view on the diagonal', () => {
    const text = '😀 dor 😀 febre alta';
    const place = fc.integer({ min: 0, max: text.length });
    const span = fc
      .record({ label: fc.constantFrom(...LABELS), a: place, b: place })
      .map(({ label, a, b }) => ({
        label,
        fragments: [{ start: Math.min(a, b), end: Math.max(a, b) }],
      }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), fc.array(span, { maxLength: 5 }), (gold, predicted) => {
        const matrix = countConfusion([{ text, gold, predicted }], LABELS);
        const counts = countUnits(textUnits(text, 'characters'), gold, predicted, LABELS);
        for (const [label, { truePositives, falseNegatives, falsePositives }] of counts.entries()) {
          assert.equal(matrix[label]![label], truePositives);
          const others = (values: number[]): number =>
            values.reduce((sum, value) => sum + value, 0) - truePositives;
          assert.ok(others(matrix[label]!) >= falseNegatives);
          assert.ok(others(matrix.map((row) => row[label]!)) >= falsePositives);
        }
      }),
    );
  });
});

describe('scoreHistogram', () => {
  it('holds the counts at every threshold', () => {
    const cell = fc.record({
      score: fc.float({ min: 0, max: 1, noNaN: true }),
      truth: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 60 }), (rows) => {
        const cells = rows.flat();
        const scored = {
          labels: ['A', 'B'],
          scores: Float32Array.from(cells, ({ score }) => score),
          truth: Uint8Array.from(cells, ({ truth }) => truth),
        };
        const { thresholds, negatives, positives } = scoreHistogram(['A', 'B'], [{ id: 'n', rows: scored }]);
        for (const [t, threshold] of thresholds.entries()) {
          const counts = countAbove(scored, [threshold, threshold]);
          const above = (bins: number[]): number => bins.slice(t + 1).reduce((sum, count) => sum + count, 0);
          for (const [label, { truePositives, falsePositives }] of counts.entries()) {
            assert.equal(above(positives[label]!), truePositives);
            assert.equal(above(negatives[label]!), falsePositives);
          }
        }
      }),
    );
  });
});
