import type { ScoreTallies } from './tallies';

/** One label's tokens over some runs added up, `[thresholds + 1]` each: all, then those above each threshold. */
export interface PooledScores {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** Pools the scores of some runs by what is counted, and of everything together under `undefined`. */
export function pooledScores(
  scores: ScoreTallies,
  runs: readonly number[],
  namesOf: (run: number) => readonly string[],
): Map<string | undefined, PooledScores> {
  const rows = scores.cells === 0 ? 0 : scores.positives.length / scores.cells;
  const empty = (): PooledScores => ({
    positives: new Float64Array(rows),
    negatives: new Float64Array(rows),
  });
  const all = empty();
  const pooled = new Map<string | undefined, PooledScores>([[undefined, all]]);
  for (const run of runs) {
    namesOf(run).forEach((name, i) => {
      const own = pooled.get(name) ?? empty();
      pooled.set(name, own);
      for (const sums of [own, all]) addCell(sums, scores, scores.starts[run]! + i);
    });
  }
  return pooled;
}

function addCell({ positives, negatives }: PooledScores, scores: ScoreTallies, cell: number): void {
  for (let row = 0, at = cell; row < positives.length; row++, at += scores.cells) {
    positives[row]! += scores.positives[at]!;
    negatives[row]! += scores.negatives[at]!;
  }
}

/** Where a label stands at one threshold. Rates of nothing are undefined. */
export interface CurvePoint {
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly falsePositiveRate: number | undefined;
}

/** @param threshold its place in the header's `thresholds`; -1 is below all scores */
export function curvePoint({ positives, negatives }: PooledScores, threshold: number): CurvePoint {
  const [tp, fp] = [positives[threshold + 1]!, negatives[threshold + 1]!];
  return {
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, positives[0]!),
    falsePositiveRate: ratio(fp, negatives[0]!),
  };
}

/** Points from the lowest threshold to the highest; the first takes every token. */
export function curvePoints(scores: PooledScores): CurvePoint[] {
  return Array.from({ length: scores.positives.length }, (_, i) => curvePoint(scores, i - 1));
}

function ratio(numerator: number, denominator: number): number | undefined {
  return denominator === 0 ? undefined : numerator / denominator;
}
