import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drawnPoints } from '../../../src/core/evaluate/curves';
import { macro, micro, ofLabel } from '../../../src/core/evaluate/metric';
import {
  alignLabels,
  labelCounts,
  mergeNotes,
  noteCounts,
  totalCounts,
} from '../../../src/core/evaluate/noteCounts';
import { rank, rocAuc } from '../../../src/core/evaluate/ranking';
import type { Counts } from '../../../src/core/evaluate/rates';
import { labelRates } from '../../../src/core/evaluate/rates';
import type { ScoredRows } from '../../../src/core/evaluate/scoredRows';
import { concatRows, countAbove } from '../../../src/core/evaluate/scoredRows';
import { countsByThreshold, thresholdHistogram } from '../../../src/core/evaluate/thresholds';

const LABELS = ['DIS', 'ANA', 'DEV'];

/** Probabilities with many ties, some on thresholds and borders. */
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
);

const rows = fc
  .array(fc.tuple(...LABELS.map(() => fc.tuple(probability, fc.constantFrom(0, 1)))), { maxLength: 30 })
  .map((cells): ScoredRows => ({
    labels: LABELS,
    scores: Float64Array.from(cells.flatMap((row) => row.map(([score]) => score))),
    truth: Uint8Array.from(cells.flatMap((row) => row.map(([, truth]) => truth))),
  }));

const counts = fc.record<Counts>({
  truePositives: fc.nat(9),
  falsePositives: fc.nat(9),
  falseNegatives: fc.nat(9),
});
const notes = fc.array(fc.tuple(counts, counts, counts), { maxLength: 8 }).map((all) =>
  noteCounts(
    LABELS,
    all.map((one, i) => ({ id: `n${i}`, counts: one })),
  ),
);

describe('thresholds', () => {
  const grids = fc.oneof(
    fc.constant(Array.from({ length: 99 }, (_, i) => (i + 1) / 100)),
    fc.uniqueArray(probability, { minLength: 1, maxLength: 6 }).map((grid) => grid.sort((a, b) => a - b)),
  );

  it('one pass counts what counting at each threshold counts', () => {
    fc.assert(
      fc.property(rows, grids, (scored, grid) => {
        const all = countsByThreshold(thresholdHistogram(scored, grid));
        grid.forEach((threshold, t) => {
          const here = countAbove(
            scored,
            LABELS.map(() => threshold),
          );
          assert.deepEqual(
            all.map((perThreshold) => perThreshold[t]),
            here,
          );
        });
      }),
    );
  });
});

describe('counts', () => {
  it('of parts add up to counts of the whole', () => {
    fc.assert(
      fc.property(rows, rows, probability, (a, b, threshold) => {
        const thresholds = LABELS.map(() => threshold);
        const table = noteCounts(
          LABELS,
          [a, b].map((part, i) => ({ id: `${i}`, counts: countAbove(part, thresholds) })),
        );
        assert.deepEqual(totalCounts(table), countAbove(concatRows(LABELS, [a, b]), thresholds));
      }),
    );
  });

  it('merge by group without losing anything', () => {
    fc.assert(
      fc.property(notes, fc.integer({ min: 1, max: 3 }), (table, groups) => {
        const merged = mergeNotes(table, (note) => `${Number(note.slice(1)) % groups}`);
        assert.equal(merged.notes.length, Math.min(groups, table.notes.length));
        assert.deepEqual(totalCounts(merged), totalCounts(table));
      }),
    );
  });

  it('align by label', () => {
    const one = { truePositives: 1, falsePositives: 2, falseNegatives: 3 };
    const none = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
    const [a, b] = alignLabels([
      noteCounts(['DIS', 'ANA'], [{ id: 'n', counts: [one, none] }]),
      noteCounts(['DEV', 'DIS'], [{ id: 'n', counts: [none, one] }]),
    ]);
    assert.deepEqual([a!.labels, b!.labels], [LABELS, LABELS]);
    assert.deepEqual(totalCounts(a!), [one, none, none]);
    assert.deepEqual(totalCounts(b!), [one, none, none]);
  });

  it('give the same rates by the fast metrics of tests and by labelRates', () => {
    fc.assert(
      fc.property(notes, (table) => {
        const row = Float64Array.from(
          totalCounts(table).flatMap((one) => [one.truePositives, one.falsePositives, one.falseNegatives]),
        );
        const rates = labelRates(LABELS, labelCounts(row));
        for (const rate of ['precision', 'recall', 'f1'] as const) {
          assert.ok(Math.abs(micro(rate)(row) - rates.micro[rate]) < 1e-12);
          assert.ok(Math.abs(macro(rate)(row) - rates.macro[rate]) < 1e-12);
          LABELS.forEach((label, i) => assert.equal(ofLabel(i, rate)(row), rates.perLabel[label]![rate]));
        }
      }),
    );
  });
});

describe('ranking', () => {
  it('counts at and above every score, in single and double precision, whatever the sign', () => {
    const kinds = [
      { of: (scores: number[]) => Float32Array.from(scores), number: fc.float({ noNaN: true }) },
      { of: (scores: number[]) => Float32Array.from(scores), number: fc.float({ noNaN: true, min: 0 }) },
      { of: (scores: number[]) => Float32Array.from(scores), number: probability.map(Math.fround) },
      { of: (scores: number[]) => Float64Array.from(scores), number: fc.double({ noNaN: true }) },
    ];
    for (const { of, number } of kinds) {
      const tied = fc.oneof(number, fc.constantFrom(0, -0, 0.5, 1));
      fc.assert(
        fc.property(fc.array(fc.tuple(tied, fc.constantFrom(0, 1))), (units) => {
          const ranking = rank(
            of(units.map(([score]) => score)),
            Uint8Array.from(units, ([, truth]) => truth),
          );
          const distinct = [...new Set(units.map(([score]) => score + 0))].sort((a, b) => b - a);
          const atOrAbove = (threshold: number, wanted: number): number =>
            units.filter(([score, truth]) => truth === wanted && score >= threshold).length;
          assert.deepEqual([...ranking.thresholds], distinct);
          for (const [wanted, found] of [
            [1, ranking.truePositives],
            [0, ranking.falsePositives],
          ] as const) {
            assert.deepEqual(
              [...found],
              distinct.map((threshold) => atOrAbove(threshold, wanted)),
            );
          }
        }),
      );
    }
  });

  it('refuses what is no number', () => {
    for (const scores of [Float32Array.of(0.5, NaN), Float64Array.of(NaN)])
      assert.throws(() => rank(scores, new Uint8Array(scores.length)), RangeError);
  });

  it('ROC AUC is the chance that a positive outranks a negative', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(probability, fc.constantFrom(0, 1)), { maxLength: 25 }), (units) => {
        const of = (wanted: number): number[] =>
          units.filter(([, truth]) => truth === wanted).map(([score]) => score);
        const pairs = of(1).flatMap((positive) =>
          of(0).map((negative) => (Math.sign(positive - negative) + 1) / 2),
        );
        const ranking = rank(
          Float64Array.from(units, ([score]) => score),
          Uint8Array.from(units, ([, truth]) => truth),
        );
        const expected =
          pairs.length > 0 ? pairs.reduce((sum, one) => sum + one, 0) / pairs.length : undefined;
        const auc = rocAuc(ranking);
        assert.ok(expected === undefined ? auc === undefined : Math.abs(auc! - expected) < 1e-12);
      }),
    );
  });

  it('keeps a drawing within its step of every point', () => {
    const x = Float64Array.from({ length: 1001 }, (_, i) => i / 1000);
    const kept = drawnPoints(
      x,
      x.map((value) => value ** 2),
      0.1,
    );
    assert.ok(kept.length < 30 && kept[0] === 0 && kept.at(-1) === 1000);
  });
});
