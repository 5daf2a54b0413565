import { readFile } from 'node:fs/promises';
import type { CorpusDocument, Problem, ReadResult } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import { SEMANTIC_GROUPS } from '../../core/labels/groups';
import { noteKey, splitNotes } from '../../core/split/notes';
import { splitParts } from '../../core/split/split';
import type { SplitFile } from '../../core/split/splitFile';
import {
  checkSplit,
  documentsOfPart,
  parseSplitFile,
  partNames,
  splitFileOf,
} from '../../core/split/splitFile';
import type { FineTuneJob } from '../../core/train/settings/jobs';
import { TrainingError } from '../../core/train/trainingError';
import { readCorpusFolder } from '../corpusFolder';
import { sha256 } from '../sha256';

export interface TrainingNotes {
  readonly training: readonly CorpusDocument[];
  readonly validation: readonly CorpusDocument[];
  readonly test: readonly CorpusDocument[];
  readonly labels: readonly string[];
  readonly split: SplitFile;
  readonly problems: readonly Problem[];
}

/** The study's shares of training, validation and test notes. */
const RATIO = [60, 20, 20];
/** Labels in fewer notes do not decide where a note goes. */
const MIN_NOTES = 10;

/**
 * A corpus in the parts of a split: the file's, or one made with the seed, iteratively stratified but for the
 * strategy `random`. The corpus is read unless it has been.
 * @throws TrainingError where split and corpus do not go together, or nothing is there to learn
 */
export async function readTrainingNotes(job: FineTuneJob, corpus?: ReadResult): Promise<TrainingNotes> {
  const { documents, problems } = corpus ?? (await readCorpus(job));
  if (documents.length === 0) throw new TrainingError('settings', `${job.corpus}: holds no notes`);
  const split = job.split === undefined ? drawnSplit(documents, job) : await readSplit(job.split);
  const where = job.split ?? job.corpus;
  const part = (name: string): CorpusDocument[] => notesOfPart(split, name, documents, where);
  const training = part('train');
  if (training.length === 0) throw new TrainingError('settings', `${where}: the part train has no notes`);
  const disagreements =
    job.split === undefined ? [] : checkSplit(split, splitNotes(documents, sha256), job.split);
  return {
    training,
    validation: part('validation'),
    test: part('test'),
    labels: labelsOf(training, job),
    split,
    problems: [...problems, ...disagreements],
  };
}

function readCorpus({ corpus, from }: FineTuneJob): Promise<ReadResult> {
  return readCorpusFolder(corpus, { format: from as FormatName | undefined });
}

/** The split of a run that is given none: its seed's. */
export function drawnSplit(
  documents: readonly CorpusDocument[],
  { strategy, preset, seed }: Pick<FineTuneJob, 'strategy' | 'preset' | 'seed'>,
): SplitFile {
  const stratified = preset === 'study' ? 'study-is' : 'is';
  const method = strategy === 'random' ? 'random' : stratified;
  const options = { method, seed, ratio: RATIO, minNotes: MIN_NOTES } as const;
  const notes = splitNotes(documents, sha256);
  return splitFileOf(notes, splitParts(notes, options), options, partNames(RATIO.length, false));
}

/** @throws Error naming the file, and the place in it that is wrong */
export async function readSplit(file: string): Promise<SplitFile> {
  const json = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new TrainingError('settings', `${file}: cannot be read (${error.code ?? error.message})`);
  });
  return parseSplitFile(json, file);
}

/**
 * Notes of a part, none where the split has no such part but `train`, which it must have.
 * @throws TrainingError where notes of the part are missing, `where` being what to blame
 */
export function notesOfPart(
  split: SplitFile,
  name: string,
  documents: readonly CorpusDocument[],
  where: string,
): CorpusDocument[] {
  if (!Object.hasOwn(split.parts, name) && name !== 'train') return [];
  const found = documentsOfPart(split, name, documents, sha256);
  const keys = new Set(found.map(({ text }) => noteKey(text, sha256)));
  const lost = split.parts[name]!.filter((key) => !keys.has(key)).length;
  // A model of half the notes would look like one of all of them.
  if (lost > 0)
    throw new TrainingError('settings', `${where}: ${lost} notes of the part ${name} are not in this corpus`);
  return found;
}

/** The study's twelve groups in its order first, then the others in alphabetical order. */
export function labelsOf(
  training: readonly CorpusDocument[],
  { labels, corpus }: Pick<FineTuneJob, 'labels' | 'corpus'>,
): string[] {
  const found = new Set(training.flatMap(({ annotations }) => annotations.map(({ label }) => label)));
  const missing = labels?.filter((label) => !found.has(label)) ?? [];
  if (missing.length > 0)
    throw new TrainingError('settings', `--labels: no training note has ${missing.join(', ')}`);
  if (found.size === 0)
    throw new TrainingError(
      'settings',
      `${corpus}: no training note is annotated, so there is nothing to learn`,
    );
  const groups = Object.keys(SEMANTIC_GROUPS);
  const others = [...found].filter((label) => !groups.includes(label)).sort();
  return labels ? [...new Set(labels)] : [...groups.filter((label) => found.has(label)), ...others];
}

/** SHA-256 of notes with their annotations: equal where they teach the same. */
export function notesHash(documents: readonly CorpusDocument[]): string {
  const plain = documents.map(({ text, annotations }) => [
    text,
    annotations.map(({ label, fragments }) => [label, fragments.map(({ start, end }) => [start, end])]),
  ]);
  return sha256(JSON.stringify(plain));
}

/** SHA-256 of which note is in which part. */
export function splitHash({ parts }: SplitFile): string {
  return sha256(JSON.stringify(parts));
}
