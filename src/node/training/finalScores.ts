import type { TokenTask } from '../../core/evaluate/tokenRows';
import { totalCounts } from '../../core/evaluate/noteCounts';
import type { NoteCounts } from '../../core/evaluate/noteCounts';
import { labelRates } from '../../core/evaluate/rates';
import { textNoteCounts } from '../../core/evaluate/textView';
import type { Decoding } from '../../core/predict/decode';
import { decodeEntities, joinSeams } from '../../core/predict/decode';
import type { Decision } from '../../core/train/decision/decision';
import type { NoteLogits } from '../../core/train/decision/noteLogits';
import { scoredTokens } from '../../core/train/decision/noteLogits';
import type { PartScores } from '../../core/train/loop/runEvents';
import { scoresAt, tokenRows } from '../../core/train/decision/validation';

/** Scores of notes as the finished folder will mark them. */
export function partScores(
  notes: readonly NoteLogits[],
  task: TokenTask,
  decoding: Decoding,
  decision: Decision,
): PartScores {
  const ownDecoding = { ...decoding, thresholds: decision.thresholds };
  const predicted = notes.map((note) => {
    const { text } = note.document;
    const tokens = scoredTokens(note, decision.calibration);
    const entities = tokens.flatMap((window) => decodeEntities(text, window, ownDecoding));
    return joinSeams(text, entities, decoding.scheme).map(({ label, start, end }) => ({
      label,
      fragments: [{ start, end }],
    }));
  });
  const counts = textNoteCounts(
    notes.map(({ document }) => document),
    predicted,
    task.labels,
  );
  return {
    notes: notes.length,
    tokens: scoresAt(tokenRows(notes, task, decision.calibration), decision.tokenThreshold),
    characters: averages(counts.characters),
    words: averages(counts.words),
    entities: averages(counts['entities strict']),
  };
}

function averages(table: NoteCounts): { microF1: number; macroF1: number } {
  const { micro, macro } = labelRates(table.labels, totalCounts(table));
  return { microF1: micro.f1, macroF1: macro.f1 };
}
