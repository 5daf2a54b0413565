import type { Predictor } from '../../core/predict/predictor';
import { predictTexts } from '../../core/predict/predictor';
import type { NoteFile } from '../../node/notes';
import { readNote } from '../../node/notes';
import type { OutputNote } from '../output';
import type { NoteProblems } from './noteProblems';
import { warn } from './noteProblems';

/** Notes predicted together: enough to batch by length, few enough that results keep coming. */
export const NOTES_A_ROUND = 32;

/** How note files are worked through. */
export interface RoundOptions {
  /** Rounds under way at once: more than one only where the encoder is elsewhere. */
  readonly atOnce?: number;
  /** Is told how many notes are done; a note that is begun counts by what is done of its round. */
  readonly onNotes?: (done: number) => void;
}

/** The entities of note files, in the files' order; what cannot be read is reported and left out. */
export async function* predictFiles(
  files: readonly NoteFile[],
  predictor: Predictor,
  problems: NoteProblems,
  { atOnce = 1, onNotes }: RoundOptions = {},
): AsyncGenerator<OutputNote> {
  let done = 0;
  const underWay: Promise<OutputNote[]>[] = [];
  for (let first = 0; first < files.length; first += NOTES_A_ROUND) {
    const round = files.slice(first, first + NOTES_A_ROUND);
    const advance = (notes: number): void => onNotes?.((done += notes));
    underWay.push(predictRound(round, predictor, problems, advance));
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
  advance: (notes: number) => void,
): Promise<OutputNote[]> {
  const notes = await readNotes(files, problems);
  const texts = notes.map(({ text }) => text);
  let told = 0;
  const tell = (share: number): void => {
    advance(files.length * (share - told));
    told = share;
  };
  const entities = await predictTexts(texts, predictor, undefined, tell);
  tell(1);
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
