import { averagePrecision, rank, rankColumn, rocAuc } from './ranking';
import type { ScoredRows } from './scoredRows';

/** A figure that needs no threshold: of all labels' cells pooled, its mean over labels, and each label's. */
export interface Averages {
  readonly micro: number | undefined;
  /** Over the labels for which it is defined; scikit-learn's own is NaN as soon as one is not. */
  readonly macro: number | undefined;
  readonly perLabel: Readonly<Record<string, number | undefined>>;
}

export interface Areas {
  /** Undefined for a label without positives or without negatives. */
  readonly rocAuc: Averages;
  /** 0 for a label without positives, as in scikit-learn. */
  readonly averagePrecision: Averages;
}

/** ROC AUC and average precision of every label, of all pooled, and their means. */
export function areas(rows: ScoredRows): Areas {
  const { labels } = rows;
  const rankings = labels.map((_, label) => {
    const ranking = rankColumn(rows, label);
    return { auc: rocAuc(ranking), precision: averagePrecision(ranking) };
  });
  const pooled = rank(rows.scores, rows.truth);
  return {
    rocAuc: averages(
      labels,
      rankings.map(({ auc }) => auc),
      rocAuc(pooled),
    ),
    averagePrecision: averages(
      labels,
      rankings.map(({ precision }) => precision),
      averagePrecision(pooled),
    ),
  };
}

export function averages(
  labels: readonly string[],
  values: readonly (number | undefined)[],
  micro: number | undefined,
): Averages {
  const defined = values.filter((value) => value !== undefined);
  const macro =
    defined.length > 0 ? defined.reduce((sum, value) => sum + value, 0) / defined.length : undefined;
  return { micro, macro, perLabel: Object.fromEntries(labels.map((label, i) => [label, values[i]])) };
}
