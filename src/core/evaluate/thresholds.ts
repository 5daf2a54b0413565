import type { Counts } from './rates';
import { f1 } from './rates';
import type { ScoredRows } from './scoredRows';

/** The study's thresholds: 0.01, 0.02, … 0.99. */
export const STUDY_THRESHOLDS: readonly number[] = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** The threshold a search starts from, with a score of 0 that a candidate has to exceed, as in the study. */
const INITIAL_THRESHOLD = 0.5;

export interface SharedThreshold {
  readonly threshold: number;
  readonly macroF1: number;
}

/**
 * How many scores of each label lie above how many thresholds, for positives and negatives apart: one pass over the
 * scores answers every threshold. `[labels, 2, thresholds + 1]`, negatives first.
 */
export interface ThresholdHistogram {
  readonly labels: number;
  readonly thresholds: readonly number[];
  readonly bins: Uint32Array;
}

/** @param thresholds ascending; a unit has a label when its score is greater than the threshold */
export function thresholdHistogram(
  { labels: { length: labels }, scores, truth }: ScoredRows,
  thresholds: readonly number[] = STUDY_THRESHOLDS,
): ThresholdHistogram {
  const size = thresholds.length + 1;
  const bins = new Uint32Array(labels * 2 * size);
  // Bin b holds the scores in (edges[b], edges[b + 1]].
  const edges = Float64Array.from([-Infinity, ...thresholds, Infinity]);
  const first = thresholds[0] ?? 0;
  const scale = thresholds.length > 1 ? (thresholds.length - 1) / (thresholds.at(-1)! - first) : 0;
  for (let row = 0; row < truth.length; row += labels) {
    for (let at = row, base = 0; at < row + labels; at++, base += 2 * size) {
      const score = scores[at]!;
      // The guess is off by rounding at most on an even grid, by more elsewhere; the loops make it exact everywhere.
      let bin = ((score - first) * scale + 1) | 0;
      if (bin < 0 || bin >= size) bin = size - 1;
      while (score > edges[bin + 1]!) bin++;
      while (score <= edges[bin]!) bin--;
      bins[base + (truth[at] === 1 ? size : 0) + bin]!++;
    }
  }
  return { labels, thresholds, bins };
}

/** Counts `[labels][thresholds]` of a histogram. */
export function countsByThreshold({ labels, thresholds, bins }: ThresholdHistogram): Counts[][] {
  const size = thresholds.length + 1;
  return Array.from({ length: labels }, (_, label) => {
    const negatives = sumsAbove(bins.subarray(label * 2 * size, (label * 2 + 1) * size));
    const positives = sumsAbove(bins.subarray((label * 2 + 1) * size, (label * 2 + 2) * size));
    return thresholds.map((_, t) => ({
      truePositives: positives[t + 1]!,
      falsePositives: negatives[t + 1]!,
      falseNegatives: positives[0]! - positives[t + 1]!,
    }));
  });
}

/** `result[i]`: the sum of the bins from i on. */
function sumsAbove(bins: Uint32Array): Float64Array {
  const sums = Float64Array.from(bins);
  for (let i = sums.length - 2; i >= 0; i--) sums[i]! += sums[i + 1]!;
  return sums;
}

/** The threshold shared by all labels with the best macro F1; the lowest of equals, as the study's search finds it. */
export function bestSharedThreshold(histogram: ThresholdHistogram): SharedThreshold {
  const perLabel = countsByThreshold(histogram);
  const macro = histogram.thresholds.map(
    (_, t) => perLabel.reduce((sum, counts) => sum + f1(counts[t]!), 0) / perLabel.length,
  );
  const { threshold, score } = best(histogram.thresholds, macro);
  return { threshold, macroF1: score };
}

/** Each label's threshold with the best F1; the lowest of equals, 0.5 where no threshold finds anything. */
export function bestLabelThresholds(histogram: ThresholdHistogram): number[] {
  return countsByThreshold(histogram).map((counts) => best(histogram.thresholds, counts.map(f1)).threshold);
}

function best(
  thresholds: readonly number[],
  scores: readonly number[],
): { threshold: number; score: number } {
  let found = { threshold: INITIAL_THRESHOLD, score: 0 };
  scores.forEach((score, t) => {
    if (score > found.score) found = { threshold: thresholds[t]!, score };
  });
  return found;
}
