import assert from 'node:assert/strict';
import fc from 'fast-check';
import { labelRates } from '../../../src/core/evaluate/rates';
import type { ScoredRows } from '../../../src/core/evaluate/scoredRows';
import { countAbove } from '../../../src/core/evaluate/scoredRows';
import { STUDY_THRESHOLDS } from '../../../src/core/evaluate/thresholds';
import { curvePoint, pooledScores } from '../../../src/core/report/curves';
import { figureOf, pooledCounts, runFigures } from '../../../src/core/report/figures';
import { writeScores } from '../../../src/core/report/scoresBlock';
import { countedNames, readScores, talliesAt } from '../../../src/core/report/tallies';
import { histogramOf, reportHeader, reportRun } from './reports';

/** Probabilities with many ties, some on thresholds and borders. */
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
);

/** Runs of two kinds that count different things, one label of them shared. */
const LAYOUTS = [
  ['A', 'B'],
  ['B', 'C', 'D'],
];
const runs = fc.array(
  fc.constantFrom(0, 1).chain((layout) => {
    const labels = LAYOUTS[layout]!;
    const token = fc.tuple(...labels.map(() => fc.tuple(probability, fc.constantFrom(0, 1))));
    return fc.array(token, { maxLength: 20 }).map((tokens) => ({
      layout,
      rows: {
        labels,
        scores: Float64Array.from(tokens.flatMap((one) => one.map(([score]) => score))),
        truth: Uint8Array.from(tokens.flatMap((one) => one.map(([, truth]) => truth))),
      } satisfies ScoredRows,
    }));
  }),
  { minLength: 1, maxLength: 4 },
);

function read(generated: readonly { readonly layout: number; readonly rows: ScoredRows }[]) {
  const header = reportHeader({
    layouts: LAYOUTS,
    runs: generated.map(({ layout }) => reportRun({ layouts: { honest: layout } })),
  });
  const scores = readScores(header, writeScores(generated.map(({ rows }) => histogramOf(rows))), 'honest');
  const namesOf = (run: number) => countedNames(header, run, 'honest');
  return { scores, namesOf, every: [...generated.keys()] };
}

const anyThreshold = fc.nat(STUDY_THRESHOLDS.length - 1);

describe('the figures of a report', () => {
  it('are at every threshold those of counting the tokens', () => {
    fc.assert(
      fc.property(runs, anyThreshold, (generated, at) => {
        const { scores } = read(generated);
        const figures = runFigures(talliesAt(scores, at));
        generated.forEach(({ rows }, run) => {
          const counts = countAbove(
            rows,
            rows.labels.map(() => STUDY_THRESHOLDS[at]!),
          );
          const { micro, macro } = labelRates(rows.labels, counts);
          for (const [average, rates] of Object.entries({ micro, macro }) as [
            'micro' | 'macro',
            typeof micro,
          ][]) {
            const close = (name: 'precision' | 'recall' | 'F1', value: number): void =>
              assert.ok(
                Math.abs(figureOf(figures, run, `${average} ${name}`) - value) < 1e-12,
                `${average} ${name}`,
              );
            close('precision', rates.precision);
            close('recall', rates.recall);
            close('F1', rates.f1);
          }
        });
      }),
    );
  });

  it('of runs together are those of all their tokens, label by label', () => {
    fc.assert(
      fc.property(runs, anyThreshold, (generated, at) => {
        const { scores, namesOf, every } = read(generated);
        const pooled = pooledCounts(talliesAt(scores, at), every, namesOf);
        for (const name of LAYOUTS.flat()) {
          const wanted = generated.flatMap(({ rows }) => {
            const label = rows.labels.indexOf(name);
            return label < 0
              ? []
              : [
                  countAbove(
                    rows,
                    rows.labels.map(() => STUDY_THRESHOLDS[at]!),
                  )[label]!,
                ];
          });
          const sum = (key: 'truePositives' | 'falsePositives' | 'falseNegatives'): number =>
            wanted.reduce((total, counts) => total + counts[key], 0);
          if (wanted.length === 0) assert.equal(pooled.get(name), undefined);
          else
            assert.deepEqual(pooled.get(name), {
              truePositives: sum('truePositives'),
              falsePositives: sum('falsePositives'),
              falseNegatives: sum('falseNegatives'),
            });
        }
      }),
    );
  });

  it('lie on the curves', () => {
    fc.assert(
      fc.property(runs, anyThreshold, (generated, at) => {
        const { scores, namesOf, every } = read(generated);
        const curves = pooledScores(scores, every, namesOf);
        for (const [name, counts] of pooledCounts(talliesAt(scores, at), every, namesOf)) {
          const { truePositives, falsePositives, falseNegatives } = counts;
          const { precision, recall, falsePositiveRate } = curvePoint(curves.get(name)!, at);
          const share = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);
          assert.equal(precision, share(truePositives, truePositives + falsePositives));
          assert.equal(recall, share(truePositives, truePositives + falseNegatives));
          const negatives = generated.flatMap(({ rows }) => {
            const label = rows.labels.indexOf(name);
            return label < 0
              ? []
              : [...rows.truth].filter((truth, i) => i % rows.labels.length === label && truth === 0);
          }).length;
          assert.equal(falsePositiveRate, share(falsePositives, negatives));
        }
      }),
    );
  });

  it('are no numbers where a run has nothing counted', () => {
    const header = reportHeader({ runs: [reportRun({ layouts: {} }), reportRun({})] });
    const rows = { labels: ['A', 'B'], scores: Float64Array.of(0.9, 0.1), truth: Uint8Array.of(1, 0) };
    const figures = runFigures(talliesAt(readScores(header, writeScores([histogramOf(rows)]), 'honest'), 49));
    assert.ok(Number.isNaN(figureOf(figures, 0, 'micro F1')));
    assert.ok(Number.isNaN(figureOf(figures, 0, 'macro F1')));
    assert.equal(figureOf(figures, 1, 'micro F1'), 1);
    assert.equal(figureOf(figures, 1, 'macro F1'), 0.5);
  });
});
