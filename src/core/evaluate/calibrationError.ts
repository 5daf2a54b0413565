import type { Averages } from './areas';
import { averages } from './areas';
import type { ScoredRows } from './scoredRows';
import { column } from './scoredRows';

/** Units whose probability lies in `(from, to]` (the first bin includes 0): how sure, and how often right. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Sum of probabilities; their mean is `confidence / count`. */
  readonly confidence: number;
  /** Units that have the label; the observed frequency is `positives / count`. */
  readonly positives: number;
}

/** Bins of Guo et al. 2017, "On calibration of modern neural networks". */
export const RELIABILITY_BINS = 15;

/** Reliability bins of equal width over [0, 1]; probabilities of one label, or of all pooled. */
export function reliabilityBins(
  scores: ScoredRows['scores'],
  truth: Uint8Array,
  bins = RELIABILITY_BINS,
): ReliabilityBin[] {
  const [count, confidence, positives] = [0, 0, 0].map(() => new Float64Array(bins));
  for (let i = 0; i < truth.length; i++) {
    const score = scores[i]!;
    const bin = binOf(score, bins);
    count![bin]!++;
    confidence![bin]! += score;
    positives![bin]! += truth[i]!;
  }
  return Array.from({ length: bins }, (_, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count: count![bin]!,
    confidence: confidence![bin]!,
    positives: positives![bin]!,
  }));
}

/** The bin `(from, to]`, exact at the borders, where multiplication alone would round to either side. */
function binOf(score: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.max(0, Math.ceil(score * bins) - 1));
  while (bin > 0 && score <= bin / bins) bin--;
  while (bin < bins - 1 && score > (bin + 1) / bins) bin++;
  return bin;
}

/** Expected calibration error: the mean distance between confidence and frequency, weighted by units; 0 of none. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const distance = bins.reduce((sum, bin) => sum + Math.abs(bin.positives - bin.confidence), 0);
  return total === 0 ? 0 : distance / total;
}

/** Calibration error of every label's own probabilities, of all pooled, and the mean over labels. */
export function calibrationErrors(rows: ScoredRows, bins = RELIABILITY_BINS): Averages {
  const perLabel = rows.labels.map((_, label) => {
    const { scores, truth } = column(rows, label);
    return expectedCalibrationError(reliabilityBins(scores, truth, bins));
  });
  const pooled = expectedCalibrationError(reliabilityBins(rows.scores, rows.truth, bins));
  return averages(rows.labels, perLabel, pooled);
}
