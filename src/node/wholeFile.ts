import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder, writeDurably } from './training/durable';

/**
 * Writes a file that is there whole or as it was: beside its place, to the last byte, then renamed into it. A link is
 * followed. (Packages for this write once and take no notice when a disk that fills up takes only a part.)
 * @param mode who may read it; as the system has it by default
 * @throws Error naming the file that cannot be written
 */
export async function writeWholeFile(
  file: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const partial = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.partial`);
  try {
    await writeDurably(partial, content, mode);
    await rename(partial, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw refusal(file, 'cannot be written', error);
  }
}

/** Makes a folder and those above it. @throws Error naming the folder that cannot be made */
export async function makeFolder(folder: string): Promise<void> {
  await makeWithParents(path.resolve(folder)).catch((error: unknown) => {
    throw refusal(folder, 'this folder cannot be made', error);
  });
}

/** `mkdir` with `recursive` never comes back from a file system such as /proc, which denies that its own root is there. */
async function makeWithParents(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
    const parent = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || (await isThere(parent))) throw error;
    await makeWithParents(parent);
    await mkdir(folder);
  }
}

function isThere(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}

function refusal(place: string, problem: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(`${place}: ${problem} (${code ?? message})`, { cause: error });
}
