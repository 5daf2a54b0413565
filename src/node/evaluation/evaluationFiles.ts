import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CountsFile } from '../../core/evaluate/countsFile';
import { countsFile } from '../../core/evaluate/countsFile';
import type { Evaluation } from './evaluation';
import { makeFolder, writeWholeFile } from '../wholeFile';

/** The files of an evaluation, all of counts and rates and none of words of a note. */
export const FILES = { metrics: 'metrics.json', curves: 'curves.json', counts: 'counts.json' } as const;

export async function writeEvaluation(
  folder: string,
  { metrics, curves, counts }: Evaluation,
): Promise<void> {
  await makeFolder(folder);
  const write = (name: string, content: string): Promise<void> =>
    writeWholeFile(path.join(folder, name), content + '\n');
  await write(FILES.metrics, JSON.stringify(metrics, null, 2));
  await write(FILES.curves, JSON.stringify({ format: 'anamnese curves 1', views: curves }));
  await write(FILES.counts, JSON.stringify(counts));
}

/** @throws Error naming the file when it is missing or was not written by `writeEvaluation` */
export async function readCountsFile(file: string): Promise<CountsFile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: cannot be read (${(error as Error).message})`);
  }
  const parsed = countsFile.safeParse(json);
  if (!parsed.success) throw new Error(`${file}: not written by evaluate (${z.prettifyError(parsed.error)})`);
  return parsed.data;
}
