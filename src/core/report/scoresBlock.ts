import type { TokenScores } from '../experiments/runFiles';
import { VarintWriter } from './varints';

type ScoreHistogram = TokenScores['honest'];

/**
 * A token view's block, which `readScores` reads: the highest bin first, in each the negatives of all runs' outputs one
 * after the other, then the positives. Bins of one threshold lie together, as they are added up.
 */
export function writeScores(histograms: readonly ScoreHistogram[]): Uint8Array {
  const writer = new VarintWriter();
  const bins = (histograms[0]?.thresholds.length ?? -1) + 1;
  for (let bin = bins - 1; bin >= 0; bin--) {
    for (const side of ['negatives', 'positives'] as const)
      for (const histogram of histograms) for (const one of histogram[side]) writer.write(one[bin]!);
  }
  return writer.finish();
}
