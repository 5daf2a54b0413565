import type { ScoredRows } from './scoredRows';
import { sortScores } from './sortScores';

/**
 * One label's positives and negatives at or above each distinct score, from the highest score down; units of equal
 * score enter together. Curves, average precision and ROC AUC are derived from it.
 */
export interface Ranking {
  readonly thresholds: ScoredRows['scores'];
  /** Cumulative; the last is the number of positives. */
  readonly truePositives: Uint32Array;
  /** Cumulative; the last is the number of negatives. */
  readonly falsePositives: Uint32Array;
}

/**
 * Ranks units. Positives and negatives are sorted apart and merged, which needs no permutation.
 * @param truth 1 or 0 a score
 * @throws RangeError on NaN
 */
export function rank(scores: ScoredRows['scores'], truth: Uint8Array): Ranking {
  return rankColumn({ labels: [''], scores, truth }, 0);
}

/** Ranks the units of one label. @throws RangeError on NaN */
export function rankColumn(rows: ScoredRows, label: number): Ranking {
  const { positives, negatives } = splitByTruth(rows, label);
  sortScores(positives);
  sortScores(negatives);
  return merge(positives, negatives);
}

/** Copies a label's scores into one array, negatives from its front and positives from its back. */
function splitByTruth({ labels, scores, truth }: ScoredRows, label: number) {
  const length = truth.length / labels.length;
  const both = scores instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  let [front, back] = [0, length];
  for (let i = label; i < truth.length; i += labels.length) {
    both[truth[i] === 1 ? --back : front++] = scores[i]!;
  }
  return { negatives: both.subarray(0, back), positives: both.subarray(back) };
}

type Ascending = Float32Array | Float64Array;

function merge(positives: Ascending, negatives: Ascending): Ranking {
  const size = positives.length + negatives.length;
  const thresholds = positives instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  const [truePositives, falsePositives] = [new Uint32Array(size), new Uint32Array(size)];
  let points = 0;
  for (let p = positives.length - 1, n = negatives.length - 1; p >= 0 || n >= 0; points++) {
    const score = n < 0 || (p >= 0 && positives[p]! >= negatives[n]!) ? positives[p]! : negatives[n]!;
    while (p >= 0 && positives[p]! === score) p--;
    while (n >= 0 && negatives[n]! === score) n--;
    thresholds[points] = score;
    truePositives[points] = positives.length - 1 - p;
    falsePositives[points] = negatives.length - 1 - n;
  }
  return {
    thresholds: thresholds.subarray(0, points),
    truePositives: truePositives.subarray(0, points),
    falsePositives: falsePositives.subarray(0, points),
  };
}

/**
 * Area under the ROC curve by trapezoids, exact in integers: the chance that a positive outranks a negative, ties
 * counting half. Undefined without positives or without negatives.
 */
export function rocAuc({ truePositives, falsePositives }: Ranking): number | undefined {
  let [doubled, tp, fp] = [0, 0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    const [nextTp, nextFp] = [truePositives[i]!, falsePositives[i]!];
    doubled += (nextFp - fp) * (nextTp + tp);
    tp = nextTp;
    fp = nextFp;
  }
  return tp > 0 && fp > 0 ? doubled / 2 / tp / fp : undefined;
}

/** Average precision as scikit-learn computes it: Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation; 0 without positives. */
export function averagePrecision({ truePositives, falsePositives }: Ranking): number {
  let [sum, before] = [0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    const tp = truePositives[i]!;
    if (tp === before) continue;
    sum += ((tp - before) * tp) / (tp + falsePositives[i]!);
    before = tp;
  }
  return before > 0 ? sum / before : 0;
}
