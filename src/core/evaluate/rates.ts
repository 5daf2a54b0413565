/** What rates are derived from; counts of parts add up to counts of the whole. Halves occur where a match is partial. */
export interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

export const NO_COUNTS: Counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };

/** 0/0 is 0, as in scikit-learn's `zero_division=0`. */
function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

export function precision({ truePositives, falsePositives }: Counts): number {
  return ratio(truePositives, truePositives + falsePositives);
}

export function recall({ truePositives, falseNegatives }: Counts): number {
  return ratio(truePositives, truePositives + falseNegatives);
}

export function f1({ truePositives, falsePositives, falseNegatives }: Counts): number {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    truePositives: a.truePositives + b.truePositives,
    falsePositives: a.falsePositives + b.falsePositives,
    falseNegatives: a.falseNegatives + b.falseNegatives,
  };
}

/** Precision, recall and F1 of some units; support is how many of them gold marks. */
export interface Rates {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

export function rates(counts: Counts): Rates {
  return {
    precision: precision(counts),
    recall: recall(counts),
    f1: f1(counts),
    support: counts.truePositives + counts.falseNegatives,
  };
}

/** Rates of a set of labels. */
export interface LabelRates {
  /** Of all labels' counts added up. */
  readonly micro: Rates;
  /** The mean over all labels, those that never occur included as 0, as scikit-learn's `average="macro"` has it. */
  readonly macro: Rates;
  /** The mean over the labels that gold marks at least once. */
  readonly macroOfSupported: Rates;
  readonly perLabel: Readonly<Record<string, Rates>>;
}

/** Micro, macro and per-label rates; `counts[i]` belongs to `labels[i]`. */
export function labelRates(labels: readonly string[], counts: readonly Counts[]): LabelRates {
  const each = counts.map(rates);
  return {
    micro: rates(counts.reduce(addCounts, NO_COUNTS)),
    macro: mean(each),
    macroOfSupported: mean(each.filter(({ support }) => support > 0)),
    perLabel: Object.fromEntries(labels.map((label, i) => [label, each[i]!])),
  };
}

function mean(each: readonly Rates[]): Rates {
  const of = (key: 'precision' | 'recall' | 'f1'): number =>
    ratio(
      each.reduce((sum, one) => sum + one[key], 0),
      each.length,
    );
  const support = each.reduce((sum, one) => sum + one.support, 0);
  return { precision: of('precision'), recall: of('recall'), f1: of('f1'), support };
}
