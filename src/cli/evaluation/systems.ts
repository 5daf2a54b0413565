import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ReadCounts } from '../../core/evaluate/countsFile';
import { fromCountsFile } from '../../core/evaluate/countsFile';
import { FILES, readCountsFile } from '../../node/evaluation/evaluationFiles';

/** A system's runs as evaluate wrote them: one, or one a seed or split. */
export interface ScoredSystem {
  readonly name: string;
  readonly runs: readonly ReadCounts[];
}

/**
 * Reads a system from folders that evaluate wrote, or from folders of such folders in order of their names.
 * @throws Error that names the file which is missing or wrong
 */
export async function readSystem(folders: readonly string[]): Promise<ScoredSystem> {
  const found = (await Promise.all(folders.map(runsIn))).flat();
  const name = path.basename(path.resolve(folders[0]!));
  return { name: folders.length === 1 ? name : `${name} …`, runs: await Promise.all(found.map(readCounts)) };
}

/** The folder itself where it holds counts, else every folder in it that does. */
async function runsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${folder}: cannot be read (${error.code ?? error.message})`);
  });
  if (entries.some(({ name }) => name === FILES.counts)) return [folder];
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  const runs = await Promise.all(
    inner.sort().map(async (run) => ((await readdir(run)).includes(FILES.counts) ? [run] : [])),
  );
  if (runs.flat().length === 0)
    throw new Error(`${folder}: no ${FILES.counts} in it or in its folders: run evaluate`);
  return runs.flat();
}

async function readCounts(folder: string): Promise<ReadCounts> {
  return fromCountsFile(await readCountsFile(path.join(folder, FILES.counts)));
}
