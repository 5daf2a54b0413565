/** What rates are derived from; counts of parts add up to counts of the whole. */
export interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

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
