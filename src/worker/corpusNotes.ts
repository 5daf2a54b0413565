import { canonicalText } from '../core/text/alignedTexts';
import { noteIdentity } from '../core/correct/noteIdentity';
import type { Predictor } from '../core/predict/predictor';
import { uncertaintyOf } from '../core/predict/uncertainty';
import { sha256 } from '../node/sha256';
import type { WorkspaceNote } from '../node/workspaceCorpus';
import { readNotes, WorkspaceCorpus } from '../node/workspaceCorpus';
import type { GoldFound, FoundNote, RankedNote, RankNotes } from '../protocol/corpus';
import { ScoreCache } from './scoreCache';

/** Notes scored at a time: between two batches open notes come first, and a cancel is heard. */
const NOTES_A_STEP = 8;

/** The model that ranks: what it predicts with, and a name that changes with everything that changes a score. */
export interface RankingModel {
  readonly predictor: Predictor;
  readonly identity: string;
}

/** Answers what the editor asks about the corpus files of the workspace. */
export class CorpusNotes {
  private readonly corpus = new WorkspaceCorpus();

  setFiles(files: readonly string[]): void {
    this.corpus.setFiles(files);
  }

  /** The first file that holds the note with annotations, or could; a note by itself is no gold. */
  async gold(text: string): Promise<GoldFound | null> {
    const key = noteIdentity(text, sha256);
    const places = (await this.corpus.notes()).filter((note) => note.key === key && note.format !== 'plain');
    const [first] = [...places].sort((a, b) => Number(b.isAnnotated) - Number(a.isAnnotated));
    const document = first && (await this.document(first));
    if (!document) return null;
    const { file, format } = first;
    return {
      file,
      format,
      text: document.text,
      annotations: document.annotations,
      others: places.length - 1,
    };
  }

  async text(file: string, key: string): Promise<string | null> {
    const found = (await this.corpus.notes()).find((note) => note.file === file && note.key === key);
    return (found && (await this.document(found))?.text) ?? null;
  }

  /** A note in a file of its own before a copy among others. */
  async find(key: string): Promise<FoundNote | null> {
    const places = (await this.corpus.notes()).filter((note) => note.textKey === key).map(placeOf);
    return places.find(({ isNote }) => isNote) ?? places[0] ?? null;
  }

  /** Ranks the notes that no file annotates; `between` is awaited between steps. */
  async rank(
    { without, cache }: RankNotes,
    model: RankingModel,
    { signal, onProgress, between }: RankingHooks,
  ): Promise<RankedNote[]> {
    const notes = unannotated(await this.corpus.notes(), new Set(without));
    const scores = await ScoreCache.open(cache, model.identity);
    const open = notes.filter(({ key }) => !scores.has(key));
    let done = notes.length - open.length;
    for await (const step of stepsOf(open)) {
      onProgress(done, notes.length);
      await between();
      if (signal.aborted) break;
      await score(step, model.predictor, scores);
      done += step.length;
    }
    await scores.save();
    return notes
      .flatMap((note) => {
        const uncertainty = scores.get(note.key);
        return uncertainty === undefined ? [] : [{ ...placeOf(note), uncertainty }];
      })
      .sort((a, b) => b.uncertainty - a.uncertainty);
  }

  private async document({ file, key }: WorkspaceNote) {
    const same =
      (await readNotes(file))?.documents.filter(({ text }) => noteIdentity(text, sha256) === key) ?? [];
    return same.find(({ annotations }) => annotations.length > 0) ?? same[0];
  }
}

export interface RankingHooks {
  readonly signal: AbortSignal;
  onProgress(done: number, of: number): void;
  between(): Promise<void>;
}

interface NoteText {
  readonly key: string;
  readonly text: string;
}

/** The notes' texts, some at a time; each file is read once. */
async function* stepsOf(notes: readonly WorkspaceNote[]): AsyncGenerator<NoteText[]> {
  let step: NoteText[] = [];
  for (const [file, wanted] of byFile(notes)) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const { text } of (await readNotes(file))?.documents ?? []) {
      const key = noteIdentity(text, sha256);
      if (keys.delete(key)) step.push({ key, text: canonicalText(text) });
      if (step.length < NOTES_A_STEP) continue;
      yield step;
      step = [];
    }
  }
  if (step.length > 0) yield step;
}

function byFile(notes: readonly WorkspaceNote[]): Map<string, WorkspaceNote[]> {
  const files = new Map<string, WorkspaceNote[]>();
  for (const note of notes) {
    const same = files.get(note.file);
    if (same) same.push(note);
    else files.set(note.file, [note]);
  }
  return files;
}

async function score(step: readonly NoteText[], predictor: Predictor, scores: ScoreCache): Promise<void> {
  const found = await uncertaintyOf(
    step.map(({ text }) => text),
    predictor,
  );
  await scores.add(step.map(({ key }, i) => [key, found[i]!]));
}

/** One of each text that no file has annotations for. */
function unannotated(notes: readonly WorkspaceNote[], without: ReadonlySet<string>): WorkspaceNote[] {
  const annotated = new Set(notes.filter(({ isAnnotated }) => isAnnotated).map(({ key }) => key));
  const first = new Map(notes.map((note): [string, WorkspaceNote] => [note.key, note]).reverse());
  return [...first.values()].reverse().filter(({ key }) => !annotated.has(key) && !without.has(key));
}

/** A BRAT note is the `.txt` beside its `.ann`. */
function placeOf({ file, format, key }: WorkspaceNote): FoundNote {
  const isNote = format === 'brat' || format === 'plain';
  return { file: file.replace(/\.ann$/i, '.txt'), isNote, key };
}
