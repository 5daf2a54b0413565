import type { Ranking } from './ranking';

/** As scikit-learn's `precision_recall_curve`: by ascending threshold, and the end point (1, 0), which has none. */
export interface PrecisionRecallCurve {
  /** `[points + 1]` */
  readonly precision: Float64Array;
  /** `[points + 1]`; 1 throughout where the label has no positives. */
  readonly recall: Float64Array;
  /** `[points]` */
  readonly thresholds: Ranking['thresholds'];
}

export function precisionRecallCurve({
  thresholds,
  truePositives,
  falsePositives,
}: Ranking): PrecisionRecallCurve {
  const points = thresholds.length;
  const positives = truePositives[points - 1] ?? 0;
  const [precision, recall] = [new Float64Array(points + 1), new Float64Array(points + 1)];
  const ascending = thresholds.slice();
  for (let i = 0, at = points - 1; i < points; i++, at--) {
    const tp = truePositives[i]!;
    precision[at] = tp / (tp + falsePositives[i]!);
    recall[at] = tp / positives;
    ascending[at] = thresholds[i]!;
  }
  if (positives === 0) recall.fill(1, 0, points);
  precision[points] = 1;
  return { precision, recall, thresholds: ascending };
}

/**
 * As scikit-learn's `roc_curve`: by descending threshold, from (0, 0), whose threshold is infinite. Rates are NaN
 * where the label has no negatives (false positive rate) or no positives (true positive rate).
 */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  readonly thresholds: Float64Array;
}

/** @param dropIntermediate leave out points on the line between their neighbours, as scikit-learn does by default */
export function rocCurve(ranking: Ranking, dropIntermediate = true): RocCurve {
  const kept = dropIntermediate ? corners(ranking) : Uint32Array.from(ranking.thresholds.keys());
  const [negatives, positives] = [ranking.falsePositives.at(-1) ?? 0, ranking.truePositives.at(-1) ?? 0];
  const curve = {
    falsePositiveRate: new Float64Array(kept.length + 1),
    truePositiveRate: new Float64Array(kept.length + 1),
    thresholds: new Float64Array(kept.length + 1),
  };
  for (let i = 0; i < kept.length; i++) {
    curve.falsePositiveRate[i + 1] = ranking.falsePositives[kept[i]!]! / negatives;
    curve.truePositiveRate[i + 1] = ranking.truePositives[kept[i]!]! / positives;
    curve.thresholds[i + 1] = ranking.thresholds[kept[i]!]!;
  }
  curve.falsePositiveRate[0] = negatives === 0 ? NaN : 0;
  curve.truePositiveRate[0] = positives === 0 ? NaN : 0;
  curve.thresholds[0] = Infinity;
  return curve;
}

/** Points where the step to the next one differs from the step that led here; the first and the last always. */
function corners({ truePositives, falsePositives }: Ranking): Uint32Array {
  const kept = new Uint32Array(truePositives.length);
  let [count, tp, fp, stepTp, stepFp] = [0, 0, 0, NaN, NaN];
  for (let i = 0; i < truePositives.length; i++) {
    const [nextTp, nextFp] = [truePositives[i]!, falsePositives[i]!];
    const bends = nextTp - tp !== stepTp || nextFp - fp !== stepFp;
    if (i > 1 && bends) kept[count++] = i - 1;
    if (i === 0) kept[count++] = 0;
    stepTp = nextTp - tp;
    stepFp = nextFp - fp;
    tp = nextTp;
    fp = nextFp;
  }
  if (truePositives.length > 1) kept[count++] = truePositives.length - 1;
  return kept.subarray(0, count);
}

/**
 * Indices of the points that a drawing needs: the first, the last, and whichever lies further than `step` in x or y
 * from the point kept before it.
 */
export function drawnPoints(x: Float64Array, y: Float64Array, step = 0.002): number[] {
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const before = kept.at(-1) ?? -1;
    const moved = before < 0 || Math.abs(x[i]! - x[before]!) >= step || Math.abs(y[i]! - y[before]!) >= step;
    if (moved || i === x.length - 1) kept.push(i);
  }
  return kept;
}
