import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { TrainingError } from '../../core/train/trainingError';

/** Writes a file and waits until the disk has it. @param mode who may read it, of a file that is new */
export async function writeDurably(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const handle = await open(file, 'w', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until the disk has a folder's names. Windows neither can nor needs to. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/**
 * Makes a folder that is there whole or not at all, whatever happens meanwhile: filled beside its place, then renamed
 * into it. Where filling fails, what was written goes again. A folder of that name is replaced.
 * @throws TrainingError where the disk is full
 */
export async function replaceFolder(
  parent: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const [partial, target] = [path.join(parent, `.${name}.partial`), path.join(parent, name)];
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { recursive: true });
    await fill(partial);
    await syncFolder(partial);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
    await syncFolder(parent);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw diskError(error, target);
  }
}

/** A file that is there as it was or as it is to be. @throws TrainingError where the disk is full */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.partial`);
  try {
    await writeDurably(partial, content);
    await rename(partial, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(partial, { force: true });
    throw diskError(error, file);
  }
}

function diskError(error: unknown, target: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT')
    return syscall === undefined
      ? error
      : new Error(`${target}: cannot be written (${code})`, { cause: error });
  const advice = (again: string): string =>
    `${target}: the disk is full; free some space and ${again}: it goes on from the last whole checkpoint`;
  return new TrainingError('disk', advice('give the same command again'), advice('go on with the plan'));
}
