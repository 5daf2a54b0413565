// The metrics part of npm run bench:science: threshold search and exact curves over tokens x labels, ours and
// scikit-learn's on the same bytes, and how our time grows with the tokens.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { precisionRecallCurve, rocCurve } from '../src/core/evaluate/curves';
import { averagePrecision, rankColumn, rocAuc } from '../src/core/evaluate/ranking';
import type { ScoredRows } from '../src/core/evaluate/scoredRows';
import {
  bestLabelThresholds,
  bestSharedThreshold,
  thresholdHistogram,
} from '../src/core/evaluate/thresholds';
import type { Rng } from '../src/core/ports';
import { seededRng } from '../src/core/random';
import { askRival, inFolder, rivalPython } from './rivalPython';
import { timed } from './timed';

export interface MetricsBenchOptions {
  /** Rows of the largest size; it is also run with a quarter and a half of them. */
  readonly tokens: number;
  readonly labels: number;
  /**
   * Rows on which scikit-learn's 99 calls are timed; its time for all of them is that times the ratio, which favours
   * it: its calls grow at least linearly.
   */
  readonly rivalThresholdTokens: number;
  /** Labels whose curves scikit-learn draws, over all rows. */
  readonly rivalCurveLabels: number;
}

export const METRICS_BENCH = {
  tokens: 2_000_000,
  labels: 24,
  rivalThresholdTokens: 100_000,
  rivalCurveLabels: 2,
} as const;

/** Runs of each side's work of which the fastest counts; the 99 calls are many already. */
const RUNS = 5;
const AIMS = { thresholds: 500, curves: 5 } as const;

interface Answers {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly values: readonly number[];
}

/** Prints times, ratios and the largest difference from scikit-learn's figures. */
export function benchMetrics(options: MetricsBenchOptions): void {
  const { tokens, labels } = options;
  const rows = randomRows(tokens, labels, seededRng(1));
  console.log(`\nMetrics: ${tokens} tokens x ${labels} labels, single-precision scores`);
  const sizes = [tokens / 4, tokens / 2, tokens].map(Math.floor);
  const ours = sizes.map((size) => {
    const part = firstRows(rows, size);
    const curves = drawCurves(part, options.rivalCurveLabels, RUNS);
    return { size, thresholds: searchThresholds(part, RUNS), curves };
  });
  for (const { size, thresholds, curves } of ours) {
    const each = ({ seconds }: Answers): string =>
      `${seconds.toFixed(3)} s (${((seconds / size) * 1e9).toFixed(0)} ns a token)`;
    console.log(
      `  ${String(size).padStart(9)} tokens: thresholds ${each(thresholds)}, ` +
        `curves of ${options.rivalCurveLabels} labels ${each(curves)}`,
    );
  }
  compareWithRival(rows, ours.at(-1)!, options);
}

/** Both searches, shared and per label: the study makes them with 99 calls of scikit-learn each. */
function searchThresholds(rows: ScoredRows, runs = 1): Answers {
  const { result, ...times } = timed(() => {
    const histogram = thresholdHistogram(rows);
    return { shared: bestSharedThreshold(histogram), perLabel: bestLabelThresholds(histogram) };
  }, runs);
  return { ...times, values: [result.shared.threshold, result.shared.macroF1] };
}

/** Precision-recall and ROC curves of every label with all their points; the areas under them are checked, not timed. */
function drawCurves(rows: ScoredRows, labels: number, runs = 1): Answers {
  const each = Array.from({ length: labels }, (_, label) => {
    const { result, ...times } = timed(() => {
      const ranking = rankColumn(rows, label);
      return { ranking, curve: precisionRecallCurve(ranking), roc: rocCurve(ranking) };
    }, runs);
    const { ranking, curve, roc } = result;
    const points = curve.thresholds.length + roc.thresholds.length;
    return { ...times, values: [averagePrecision(ranking), rocAuc(ranking)!, points] };
  });
  const sum = (key: 'seconds' | 'cpuSeconds'): number => each.reduce((total, one) => total + one[key], 0);
  return {
    seconds: sum('seconds'),
    cpuSeconds: sum('cpuSeconds'),
    values: each.flatMap(({ values }) => values),
  };
}

interface RivalResult {
  readonly version: string;
  readonly thresholdSeconds: number;
  readonly thresholdCpuSeconds: number;
  readonly threshold: readonly number[];
  readonly curveSeconds: number;
  readonly curveCpuSeconds: number;
  readonly curves: readonly number[];
}

function compareWithRival(
  rows: ScoredRows,
  { thresholds: search, curves }: { thresholds: Answers; curves: Answers },
  options: MetricsBenchOptions,
): void {
  const { tokens, rivalThresholdTokens, rivalCurveLabels } = options;
  const rival = askScikitLearn(rows, options);
  const part = searchThresholds(firstRows(rows, rivalThresholdTokens));
  const again = drawCurves(rows, rivalCurveLabels, RUNS);
  const curveSeconds = Math.min(curves.seconds, again.seconds);
  const scale = tokens / rivalThresholdTokens;
  const calls = rival.thresholdSeconds * scale;
  console.log(
    `  scikit-learn ${rival.version}: 99 calls ${rival.thresholdSeconds.toFixed(1)} s for ${rivalThresholdTokens} tokens, ` +
      `so ${calls.toFixed(0)} s for all; ours ${search.seconds.toFixed(3)} s\n` +
      `  curves of ${rivalCurveLabels} labels: ${rival.curveSeconds.toFixed(2)} s, ours ${curveSeconds.toFixed(2)} s`,
  );
  printRatio(
    'thresholds',
    calls / search.seconds,
    (rival.thresholdCpuSeconds * scale) / search.cpuSeconds,
    largestDifference(rival.threshold, part.values),
  );
  printRatio(
    'curves',
    rival.curveSeconds / curveSeconds,
    rival.curveCpuSeconds / Math.min(curves.cpuSeconds, again.cpuSeconds),
    largestDifference(rival.curves, curves.values),
  );
}

function askScikitLearn(
  rows: ScoredRows,
  { labels, rivalThresholdTokens, rivalCurveLabels }: MetricsBenchOptions,
): RivalResult {
  const python = rivalPython('metrics', ['sklearn']);
  return inFolder((folder) => {
    writeFileSync(path.join(folder, 'scores.f32'), new Uint8Array(rows.scores.buffer));
    writeFileSync(path.join(folder, 'truth.u8'), rows.truth);
    const args = [folder, labels, rivalThresholdTokens, rivalCurveLabels, RUNS].map(String);
    return askRival<RivalResult>(python, 'metrics.py', args);
  });
}

function printRatio(what: keyof typeof AIMS, ratio: number, cpuRatio: number, difference: number): void {
  const aim = `aim ${AIMS[what]}x: ${ratio >= AIMS[what] ? 'reached' : 'missed'}`;
  console.log(
    `  ${what}: ${ratio.toFixed(1)}x as fast (${aim}), ${cpuRatio.toFixed(1)}x in CPU time; figures within ${difference.toExponential(1)}`,
  );
}

function largestDifference(theirs: readonly number[], ours: readonly number[]): number {
  return theirs.reduce((largest, value, i) => Math.max(largest, Math.abs(value - ours[i]!)), 0);
}

/** Rare labels and scores that mostly tell them apart, as an encoder's do. */
function randomRows(tokens: number, labels: number, rng: Rng): ScoredRows {
  const scores = new Float32Array(tokens * labels);
  const truth = new Uint8Array(tokens * labels);
  for (let i = 0; i < truth.length; i++) {
    const present = rng() < 0.02 + 0.006 * (i % labels);
    truth[i] = present ? 1 : 0;
    scores[i] = 1 / (1 + Math.exp(-((present ? 1.5 : -2.5) + 6 * (rng() + rng() - 1))));
  }
  return { labels: Array.from({ length: labels }, (_, i) => `L${i}`), scores, truth };
}

function firstRows({ labels, scores, truth }: ScoredRows, rows: number): ScoredRows {
  const cells = rows * labels.length;
  return { labels, scores: scores.subarray(0, cells), truth: truth.subarray(0, cells) };
}
