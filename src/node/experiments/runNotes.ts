import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import type { EvaluationRun, PlanFile } from '../../core/experiments/plan';
import { noteKey, splitNotes } from '../../core/split/notes';
import type { SplitFile } from '../../core/split/splitFile';
import { sha256 } from '../sha256';
import { drawnSplit, notesOfPart, readSplit, splitHash } from '../training/trainingNotes';

/** The notes of a run, part by part. */
export interface RunNotes {
  readonly train: readonly CorpusDocument[];
  readonly validation: readonly CorpusDocument[];
  readonly test: readonly CorpusDocument[];
  /** Undefined where all notes are scored. */
  readonly split: SplitFile | undefined;
  readonly method: string;
  /** Of which note is in which part. */
  readonly sha256: string;
}

/** The notes of a split. @throws TrainingError where some of it are missing, `where` being what to blame */
export function notesOfSplit(
  split: SplitFile,
  documents: readonly CorpusDocument[],
  where: string,
): RunNotes {
  const part = (name: string): CorpusDocument[] => notesOfPart(split, name, documents, where);
  return {
    train: part('train'),
    validation: part('validation'),
    test: part('test'),
    split,
    method: split.method,
    sha256: splitHash(split),
  };
}

/** The notes that an encoder which was fine-tuned before is scored on, and those that its thresholds come from. */
export async function evaluationNotes(
  run: EvaluationRun,
  { training: { preset } }: PlanFile,
  encoder: string,
  documents: readonly CorpusDocument[],
): Promise<RunNotes> {
  if (run.notes === 'all') return allNotes(documents);
  if (run.notes === 'own') {
    const { file, split } = await ownSplit(encoder);
    return { ...notesOfSplit(split, documents, file), method: `own, ${split.method}` };
  }
  return testNotes(run.seed, preset, documents, encoder);
}

/** The notes of the split that a seed draws for a stratified training. */
export function testNotes(
  seed: number,
  preset: PlanFile['training']['preset'],
  documents: readonly CorpusDocument[],
  where: string,
): RunNotes {
  return notesOfSplit(drawnSplit(documents, { strategy: 'is', preset, seed }), documents, where);
}

function allNotes(documents: readonly CorpusDocument[]): RunNotes {
  const keys = splitNotes(documents, sha256).map(({ key }) => key);
  return {
    train: [],
    validation: [],
    test: documents,
    split: undefined,
    method: 'all notes',
    sha256: sha256(JSON.stringify({ test: keys })),
  };
}

/** Where an encoder that was trained here has the split that it was trained with. */
export const splitFileIn = (encoder: string): string => path.join(encoder, 'training', 'split.json');

async function ownSplit(encoder: string): Promise<{ file: string; split: SplitFile }> {
  const file = splitFileIn(encoder);
  if (!existsSync(file))
    throw new Error(`${file}: is missing: only an encoder that Anamnese trained knows its own split`);
  return { file, split: await readSplit(file) };
}

/** What has to be said where an encoder is scored on notes that it learnt. */
export async function learntRemarks(encoder: string, test: readonly CorpusDocument[]): Promise<string[]> {
  const file = splitFileIn(encoder);
  if (!existsSync(file)) return [];
  const { parts } = await readSplit(file);
  const learnt = new Set([...(parts.train ?? []), ...(parts.validation ?? [])]);
  const known = new Set(test.map(({ text }) => noteKey(text, sha256)).filter((key) => learnt.has(key))).size;
  return known === 0
    ? []
    : [`the encoder was trained or tuned on ${known} of the notes that it is scored on`];
}
