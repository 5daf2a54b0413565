import type { Predictor } from '../../core/predict/predictor';
import { predictTexts } from '../../core/predict/predictor';
import type { NoteFile } from '../../node/notes';
import { readNote } from '../../node/notes';
import type { OutputNote } from '../output';
import type { NoteProblems } from './noteProblems';
import { warn } from './noteProblems';

/** Notes predicted together: enough to batch by length, few enough that results keep coming. */
export const NOTES_A_ROUND = 32;

/**
 * The entities of note files, in the files' order; what cannot be read is reported and left out.
 * @param atOnce rounds under way at once: more than one only where the encoder is elsewhere
 */
export async function* predictFiles(
  files: readonly NoteFile[],
  predictor: Predictor,
  problems: NoteProblems,
  atOnce = 1,
): AsyncGenerator<OutputNote> {
  const rounds = Array.from({ length: Math.ceil(files.length / NOTES_A_ROUND) }, (_, i) =>
    files.slice(i * NOTES_A_ROUND, (i + 1) * NOTES_A_ROUND),
  );
  const underWay: Promise<OutputNote[]>[] = [];
  for (const round of rounds) {
    underWay.push(predictRound(round, predictor, problems));
    // Whoever fails first is told of when its turn comes.
    underWay.at(-1)!.catch(() => undefined);
    if (underWay.length === atOnce) yield* await underWay.shift()!;
  }
  for (const round of underWay) yield* await round;
}

async function predictRound(
  files: readonly NoteFile[],
  predictor: Predictor,
  problems: NoteProblems,
): Promise<OutputNote[]> {
  const notes = await readNotes(files, problems);
  const entities = await predictTexts(
    notes.map(({ text }) => text),
    predictor,
  );
  return notes.map((note, i) => ({ ...note, entities: entities[i]! }));
}

type UnmarkedNote = Omit<OutputNote, 'entities'>;

/** The texts of note files, those that cannot be read reported and left out. */
export async function readNotes(files: readonly NoteFile[], problems: NoteProblems): Promise<UnmarkedNote[]> {
  const notes: UnmarkedNote[] = [];
  for (const { path, relative } of files) {
    const decoded = await readNote(path).catch(problems.report);
    if (!decoded) continue;
    if (decoded.encoding === 'windows-1252') warn(`${path}: not UTF-8, read as Windows-1252 (Latin-1)`);
    notes.push({ file: path, relative, text: decoded.text });
  }
  return notes;
}
