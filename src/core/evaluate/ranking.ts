import type { ScoredRows } from './scoredRows';
import { sortedKeys } from './scoreKeys';

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
 * Ranks units.
 * @param truth 1 or 0 a score
 * @throws RangeError on NaN
 */
export function rank(scores: ScoredRows['scores'], truth: Uint8Array): Ranking {
  return rankColumn({ labels: [''], scores, truth }, 0);
}

/** Ranks the units of one label, single-precision probabilities in linear time. @throws RangeError on NaN */
export function rankColumn({ labels, scores, truth }: ScoredRows, label: number): Ranking {
  const keys = scores instanceof Float32Array ? sortedKeys(scores, truth, label, labels.length) : undefined;
  return keys ? rankKeys(keys) : rankAny(scores, truth, label, labels.length);
}

/** Counts from the last key, which has the highest score, to the first. */
function rankKeys(keys: Uint32Array): Ranking {
  const size = keys.length;
  const thresholds = new Uint32Array(size);
  const [truePositives, falsePositives] = [new Uint32Array(size), new Uint32Array(size)];
  let [point, tp, before] = [-1, 0, -1];
  for (let i = size - 1; i >= 0; i--) {
    const score = keys[i]! >>> 1;
    tp += keys[i]! & 1;
    if (score !== before) point++;
    before = score;
    thresholds[point] = score;
    truePositives[point] = tp;
    falsePositives[point] = size - i - tp;
  }
  return {
    thresholds: new Float32Array(thresholds.buffer, 0, point + 1),
    truePositives: truePositives.subarray(0, point + 1),
    falsePositives: falsePositives.subarray(0, point + 1),
  };
}

/** Double precision, and scores below 0: positives and negatives are sorted apart and merged. */
function rankAny(scores: ScoredRows['scores'], truth: Uint8Array, label: number, labels: number): Ranking {
  const both =
    scores instanceof Float32Array
      ? new Float32Array(truth.length / labels)
      : new Float64Array(truth.length / labels);
  let [front, back] = [0, both.length];
  for (let i = label; i < truth.length; i += labels) {
    if (Number.isNaN(scores[i])) throw new RangeError('a score is not a number');
    both[truth[i] === 1 ? --back : front++] = scores[i]!;
  }
  return merge(both.subarray(back).sort(), both.subarray(0, back).sort());
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
    thresholds[points] = score + 0;
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
