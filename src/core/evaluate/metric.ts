import { COUNTS_A_LABEL } from './noteCounts';

/** A figure derived from counts added up, `[labels, 3]` as a row of `NoteCounts`. */
export type Metric = (row: Float64Array) => number;

export type RateName = 'precision' | 'recall' | 'f1';

/** The rates of rates.ts on bare numbers: tests compute them some ten thousand times a note. */
const rateOf: Record<RateName, (tp: number, fp: number, fn: number) => number> = {
  precision: (tp, fp) => (tp + fp === 0 ? 0 : tp / (tp + fp)),
  recall: (tp, _, fn) => (tp + fn === 0 ? 0 : tp / (tp + fn)),
  f1: (tp, fp, fn) => (2 * tp + fp + fn === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn)),
};

export function micro(rate: RateName): Metric {
  const figure = rateOf[rate];
  return (row) => {
    let [tp, fp, fn] = [0, 0, 0];
    for (let at = 0; at < row.length; at += COUNTS_A_LABEL) {
      tp += row[at]!;
      fp += row[at + 1]!;
      fn += row[at + 2]!;
    }
    return figure(tp, fp, fn);
  };
}

/** The mean over all labels, 0 for those without any count. */
export function macro(rate: RateName): Metric {
  const figure = rateOf[rate];
  return (row) => {
    let sum = 0;
    for (let at = 0; at < row.length; at += COUNTS_A_LABEL)
      sum += figure(row[at]!, row[at + 1]!, row[at + 2]!);
    return row.length === 0 ? 0 : (sum * COUNTS_A_LABEL) / row.length;
  };
}

export function ofLabel(label: number, rate: RateName): Metric {
  const at = label * COUNTS_A_LABEL;
  return (row) => rateOf[rate](row[at]!, row[at + 1]!, row[at + 2]!);
}

/** Micro and macro F1 and each label's, by name. */
export function f1Metrics(labels: readonly string[]): Record<string, Metric> {
  const perLabel = labels.map((label, i) => [`F1 of ${label}`, ofLabel(i, 'f1')] as const);
  return { 'micro F1': micro('f1'), 'macro F1': macro('f1'), ...Object.fromEntries(perLabel) };
}
