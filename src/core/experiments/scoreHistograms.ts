import type { NoteRows } from '../evaluate/tokenView';
import { concatRows } from '../evaluate/scoredRows';
import { STUDY_THRESHOLDS, thresholdHistogram } from '../evaluate/thresholds';
import type { TokenScores } from './runFiles';

/** How many units score how much, by output and truth, at the study's thresholds 0.01 to 0.99. */
export function scoreHistogram(
  outputs: readonly string[],
  notes: readonly NoteRows[],
): TokenScores['honest'] {
  const rows = concatRows(
    outputs,
    notes.map((note) => note.rows),
  );
  const { bins } = thresholdHistogram(rows, STUDY_THRESHOLDS);
  const size = STUDY_THRESHOLDS.length + 1;
  const binsOf = (truth: 0 | 1) =>
    outputs.map((_, output) => {
      const start = (output * 2 + truth) * size;
      return Array.from(bins.subarray(start, start + size));
    });
  return { thresholds: [...STUDY_THRESHOLDS], negatives: binsOf(0), positives: binsOf(1) };
}
