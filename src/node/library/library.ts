import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseEncoderConfig } from '../../core/encoder/config';
import type { AddedEncoder } from '../../core/library/library';
import type { Named } from '../../core/library/names';
import { findByName } from '../../core/library/names';
import { readConfig } from '../encoderFolder';
import { isHeld } from '../lock';
import { describeEncoder } from '../survey/encoders';
import { syncFolder } from '../training/durable';
import type { EncoderSource } from './source';
import { readSource } from './source';
import { clearTransfer, lockName, readTransfers, STAGING, stagingOf } from './transfers';

/** Where encoders lie that have no owner. */
const LOCAL = '_local';

/** The folder of an encoder: its name comes last, since that is what a model is called by. */
export function encoderPlace(library: string, id: string): string {
  return path.join(library, ...(id.includes('/') ? id.split('/') : [LOCAL, id]));
}

/** The encoders of a library, in the order of their ids. A library that is not there yet is empty. */
export async function readLibrary(library: string): Promise<AddedEncoder[]> {
  const found: AddedEncoder[] = [];
  for (const owner of await foldersIn(library))
    for (const name of await foldersIn(path.join(library, owner))) {
      const folder = path.join(library, owner, name);
      const source = await readSource(folder);
      if (source) found.push(await describe(folder, source));
    }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries.filter((one) => one.isDirectory() && !one.name.startsWith('.')).map(({ name }) => name);
}

async function describe(folder: string, source: EncoderSource): Promise<AddedEncoder> {
  const { id, commit, licence } = source;
  const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0);
  const about = describeEncoder(folder);
  const problem = about ? await damage(folder, source) : configProblem(folder);
  const { family = '', layers = 0, hiddenSize = 0, labels = [] } = about ?? {};
  const said = { id, folder, family, layers, hiddenSize, labels, bytes, commit, licence };
  return problem === undefined ? said : { ...said, problem };
}

function configProblem(folder: string): string {
  try {
    parseEncoderConfig(readConfig(folder), 'config.json');
    return 'cannot be described';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Files that somebody deleted or changed since. */
async function damage(folder: string, { files }: EncoderSource): Promise<string | undefined> {
  for (const { path: name, bytes } of files) {
    const size = (await stat(path.join(folder, name)).catch(() => undefined))?.size;
    if (size === undefined) return `${name} is missing: add the encoder again`;
    if (size !== bytes) return `${name} has changed since it was added: add the encoder again`;
  }
  return undefined;
}

/** Puts a filled folder in an encoder's place, from one moment to the next; one that was there goes. */
export async function placeEncoder(library: string, id: string, filled: string): Promise<string> {
  const place = encoderPlace(library, id);
  await mkdir(path.dirname(place), { recursive: true });
  await syncFolder(filled);
  await setAside(library, place);
  await rename(filled, place);
  await syncFolder(path.dirname(place));
  await emptyTrash(library);
  return place;
}

/** What was removed: an encoder, or what had come of one. */
export interface RemovedEncoder {
  readonly id: string;
  readonly bytes: number;
}

/**
 * Removes an encoder of the library, or what a transfer that has not ended has brought.
 * @throws Error where there is none of that name, or several
 */
export async function removeEncoder(library: string, name: string): Promise<RemovedEncoder> {
  const encoder = theOne(await readLibrary(library), name);
  const begun = theOne(await readTransfers(library), encoder?.id ?? name);
  if (begun) await clearBegun(library, begun.id);
  if (encoder) {
    await setAside(library, encoder.folder);
    await emptyTrash(library);
    return encoder;
  }
  if (begun) return { id: begun.id, bytes: begun.doneBytes };
  throw new Error(`${name}: no encoder of that name was added`);
}

async function clearBegun(library: string, id: string): Promise<void> {
  if (await isHeld(path.join(library, STAGING), lockName(id)))
    throw new Error(`${id} is being fetched: stop that first`);
  await clearTransfer(stagingOf(library, id));
}

/** Out of sight at once, however long deleting takes; what a kill leaves of it goes with the next. */
async function setAside(library: string, folder: string): Promise<void> {
  await mkdir(trashOf(library), { recursive: true });
  if (existsSync(folder)) await rename(folder, path.join(trashOf(library), randomUUID()));
}

/** Another process may be at it too: that does no harm. */
async function emptyTrash(library: string): Promise<void> {
  const trash = trashOf(library);
  for (const name of await readdir(trash)) await rm(path.join(trash, name), { recursive: true, force: true });
}

const trashOf = (library: string): string => path.join(library, STAGING, 'discarded');

/** @throws Error where several have that name */
export function theOne<T extends Named>(encoders: readonly T[], name: string): T | undefined {
  const [found, ...others] = findByName(encoders, name);
  if (others.length === 0) return found;
  const ids = [found!, ...others].map(({ id }) => id).join(', ');
  throw new Error(`${name}: several encoders have that name (${ids}): give the whole one`);
}
