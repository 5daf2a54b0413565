import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Entity } from '../../core/text/entity';
import { makeFolder, writeWholeFile } from '../wholeFile';
import { SLURM } from './submissions';

/*
 * A prediction that tasks share: below `slurm` in its output folder, `prediction.json` says what is asked, and
 * `parts/N.jsonl` what was found in the notes of part N, without a word of them.
 */

const predictionFile = z.object({
  format: z.literal('anamnese-prediction'),
  version: z.literal(1),
  /** Where the paths of the notes are relative to. */
  from: z.string(),
  model: z.string(),
  /** Of the model's folder: parts by different models are never put together. */
  sha256: z.string(),
  device: z.string(),
  precision: z.string(),
  threshold: z.number().nullable(),
  output: z.string(),
  /** As they were given, in the order of the output. */
  notes: z.array(z.object({ path: z.string(), relative: z.string() })),
  notesAPart: z.int().positive(),
});
export type PredictionFile = z.infer<typeof predictionFile>;

const foundIn = z.object({
  /** Index of the note. */
  note: z.int().nonnegative(),
  /** Of its text. */
  sha256: z.string(),
  entities: z.array(z.object({ start: z.int(), end: z.int(), label: z.string(), score: z.number() })),
});

/** What was found in a note; one that could not be read has none. */
export interface FoundEntities {
  readonly note: number;
  readonly sha256: string;
  readonly entities: readonly Entity[];
}

const predictionPath = (out: string): string => path.join(out, SLURM, 'prediction.json');
export const partPath = (out: string, part: number): string =>
  path.join(out, SLURM, 'parts', `${part}.jsonl`);

/**
 * Begins a prediction, or takes one up that asks for the same.
 * @throws Error where the folder holds another one
 */
export async function beginPrediction(out: string, asked: PredictionFile): Promise<PredictionFile> {
  const file = predictionPath(out);
  if (!existsSync(file)) {
    await makeFolder(path.join(out, SLURM, 'parts'));
    await writeWholeFile(file, JSON.stringify(asked, null, 1) + '\n');
    return asked;
  }
  const there = await readPrediction(out);
  const plain = (one: PredictionFile): string =>
    JSON.stringify(predictionFile.parse({ ...one, notesAPart: 1 }));
  if (plain(there) === plain(asked)) return there;
  const where = path.join(out, SLURM);
  throw new Error(
    `${where}: is of other notes, another model or other options: give another --out, or delete ${where}`,
  );
}

/** @throws Error where there is none, or it is damaged */
export async function readPrediction(out: string): Promise<PredictionFile> {
  const file = predictionPath(out);
  try {
    return predictionFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'damaged';
    throw new Error(`${file}: cannot be read (${reason})`, { cause: error });
  }
}

export function partsOf({ notes, notesAPart }: PredictionFile): number[] {
  return Array.from({ length: Math.ceil(notes.length / notesAPart) }, (_, part) => part);
}

export function isPartThere(out: string, part: number): boolean {
  return existsSync(partPath(out, part));
}

export async function writePart(out: string, part: number, found: readonly FoundEntities[]): Promise<void> {
  const lines = found.map((one) => JSON.stringify(foundIn.parse(one)) + '\n');
  await writeWholeFile(partPath(out, part), lines.join(''));
}

/** @throws Error naming a part that is damaged */
export async function readPart(out: string, part: number): Promise<FoundEntities[]> {
  const file = partPath(out, part);
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  try {
    return lines.map((line) => foundIn.parse(JSON.parse(line)) as unknown as FoundEntities);
  } catch (error) {
    throw new Error(`${file}: damaged: delete it, and its notes are predicted again`, { cause: error });
  }
}
