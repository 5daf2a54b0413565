import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { chooseEncoderFiles } from '../../core/library/chooseFiles';
import { HubError } from '../../core/library/hubError';
import { diskProblem } from '../hub/disk';
import { writeDurably } from '../training/durable';
import { encoderPlace, placeEncoder } from './library';
import { STAGING } from './transfers';
import { SOURCE_FILE } from './source';
import type { EncoderSource } from './source';
import { checkEncoder } from './check';

/**
 * Copies an encoder's folder into the library, only the files that it is loaded from; it is looked at first.
 * @returns its folder in the library
 * @throws HubError where it is no encoder that can be used, has the name of one that is there, or the disk is full
 */
export async function addFolder(library: string, given: string): Promise<string> {
  const from = path.resolve(given);
  const id = path.basename(from);
  if (await stat(encoderPlace(library, id)).catch(() => undefined))
    throw unusable(
      given,
      `an encoder of the name ${id} was added before: remove it first, or rename the folder`,
    );
  const files = await filesOf(from, given);
  await checkEncoder(from).catch((error: Error) => Promise.reject(unusable(given, error.message)));
  const staging = path.join(library, STAGING, `_local--${id}`);
  await rm(staging, { recursive: true, force: true });
  try {
    await mkdir(staging, { recursive: true });
    for (const { path: name } of files)
      await copyFile(path.join(from, name), path.join(staging, name), constants.COPYFILE_FICLONE);
    const source: EncoderSource = { id, files };
    await writeDurably(path.join(staging, SOURCE_FILE), JSON.stringify(source, undefined, 2) + '\n');
    return await placeEncoder(library, id, staging);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw diskProblem(error, library);
  }
}

async function filesOf(folder: string, given: string): Promise<{ path: string; bytes: number }[]> {
  try {
    const names = (await readdir(folder)).map((name) => ({ path: name }));
    return await Promise.all(
      chooseEncoderFiles(names).map(async (file) => ({
        ...file,
        bytes: (await stat(path.join(folder, file.path))).size,
      })),
    );
  } catch (error) {
    throw unusable(given, (error as Error).message);
  }
}

function unusable(given: string, reason: string): HubError {
  return new HubError('unusable', `${given}: ${reason}`, { subject: given, reason });
}
