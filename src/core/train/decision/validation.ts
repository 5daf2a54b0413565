import type { CorpusDocument } from '../../corpus/document';
import type { TokenTask } from '../../evaluate/tokenRows';
import type { Counts } from '../../evaluate/rates';
import { addCounts, f1, labelRates, NO_COUNTS } from '../../evaluate/rates';
import type { ScoredRows } from '../../evaluate/scoredRows';
import { concatRows, countAbove } from '../../evaluate/scoredRows';
import { bestSharedThreshold, countsByThreshold, thresholdHistogram } from '../../evaluate/thresholds';
import { honestRows, paperRows, STUDY_LENGTH } from '../../evaluate/tokenRows';
import type { Calibration } from '../../predict/calibration';
import { identityCalibration } from '../../predict/calibration';
import type { Predictor } from '../../predict/predictor';
import type { ValidationScores } from '../loop/learningEvents';
import type { NoteLogits } from './noteLogits';
import { noteLogits, scoredTokens, truncatedLogits } from './noteLogits';

/**
 * Scores of the present weights on validation notes, at a threshold chosen there.
 * @param selection see `HyperParameters`
 */
export async function validationScores(
  documents: readonly CorpusDocument[],
  predictor: Predictor,
  task: TokenTask,
  selection: 'honest' | 'study',
  signal?: AbortSignal,
): Promise<ValidationScores> {
  if (selection === 'honest') {
    const notes = await noteLogits(documents, predictor, signal);
    const rows = tokenRows(notes, task, identityCalibration(task.outputs.length));
    return scoresAt(rows, bestMicroThreshold(rows));
  }
  const length = Math.min(STUDY_LENGTH, predictor.settings.maxTokens);
  const notes = await truncatedLogits(documents, predictor, length, signal);
  const rows = concatRows(
    task.outputs,
    notes.map(({ encoding, logits, document: { annotations } }) =>
      paperRows(encoding, logits, annotations, task, length),
    ),
  );
  return scoresAt(rows, bestSharedThreshold(thresholdHistogram(rows)).threshold);
}

/** A note's own tokens, each once, of all notes. NaN, which no threshold could judge, stays NaN. */
export function tokenRows(
  notes: readonly NoteLogits[],
  task: TokenTask,
  calibration: Calibration,
): ScoredRows {
  const rows = notes.flatMap((note) =>
    honestRows(scoredTokens(note, calibration), note.document.annotations, task),
  );
  return concatRows(task.outputs, rows);
}

/** The shared threshold with the best micro F1; the lowest of equals, 0.5 where none finds anything. */
export function bestMicroThreshold(rows: ScoredRows): number {
  const histogram = thresholdHistogram(rows);
  const perLabel = countsByThreshold(histogram);
  let best = { threshold: 0.5, score: 0 };
  for (const [t, threshold] of histogram.thresholds.entries()) {
    const sum = perLabel.reduce<Counts>((counts, label) => addCounts(counts, label[t]!), NO_COUNTS);
    if (f1(sum) > best.score) best = { threshold, score: f1(sum) };
  }
  return best.threshold;
}

/** Micro and macro F1 at one threshold; NaN where a score is none. */
export function scoresAt(rows: ScoredRows, threshold: number): ValidationScores {
  if (rows.scores.some(Number.isNaN)) return { microF1: NaN, macroF1: NaN, threshold };
  const counts = countAbove(
    rows,
    rows.labels.map(() => threshold),
  );
  const { micro, macro } = labelRates(rows.labels, counts);
  return { microF1: micro.f1, macroF1: macro.f1, threshold };
}
