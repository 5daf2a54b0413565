import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseEncoderConfig } from '../../core/encoder/config';
import { chooseEncoderFiles } from '../../core/library/chooseFiles';
import { HubError } from '../../core/library/hubError';
import type { TransferProgress } from '../../core/library/transfer';
import { transferProgress } from '../../core/library/transfer';
import { readConfig } from '../encoderFolder';
import { acquireLock } from '../lock';
import { checkEncoder } from '../library/check';
import { encoderPlace, placeEncoder } from '../library/library';
import type { EncoderSource } from '../library/source';
import { readSource, SOURCE_FILE } from '../library/source';
import type { Staging, TransferPlan } from '../library/transfers';
import {
  beginTransfer,
  bytesThere,
  clearTransfer,
  lockName,
  readTransfer,
  STAGING,
  stagingOf,
} from '../library/transfers';
import { writeDurably } from '../training/durable';
import type { HubConnection } from './connection';
import { checkRoom, diskProblem } from './disk';
import { fetchFile } from './fetchFile';
import type { RepositoryFile } from './repository';
import { openRepository } from './repository';

/** What is to be fetched. */
export interface EncoderOrder {
  readonly id: string;
  /** A branch, tag or commit; the main branch where none is named. */
  readonly revision?: string | undefined;
}

/** An encoder that is in the library now. */
export interface FetchedEncoder {
  readonly folder: string;
  readonly commit: string;
  /** Bytes that came in this transfer; 0 of one that was there already. */
  readonly fetchedBytes: number;
}

/**
 * Fetches an encoder into the library, where it appears whole or not at all. One that was begun goes on at the commit
 * it began with; one that is there at the commit asked for is left as it is.
 * @throws HubError, or the signal's reason
 */
export async function fetchEncoder(
  hub: HubConnection,
  order: EncoderOrder,
  library: string,
  onProgress: (progress: TransferProgress) => void,
): Promise<FetchedEncoder> {
  const staging = stagingOf(library, order.id);
  const lock = await lockOf(library, order.id);
  try {
    const plan = await planOf(hub, order, staging);
    const { commit } = plan;
    const there = encoderPlace(library, order.id);
    if ((await readSource(there))?.commit === commit) {
      await clearTransfer(staging);
      return { folder: there, commit, fetchedBytes: 0 };
    }
    const fetchedBytes = await fetchFiles(hub, plan, staging.folder, onProgress);
    await usable(order.id, () => checkEncoder(staging.folder));
    return { folder: await place(library, plan, staging.folder), commit, fetchedBytes };
  } catch (error) {
    if (error instanceof HubError && error.problem === 'unusable') await clearTransfer(staging);
    throw diskProblem(error, library);
  } finally {
    // Without its files a plan is of no use: they are in their place, or were thrown away.
    if (!existsSync(staging.folder)) await clearTransfer(staging);
    await lock.release();
  }
}

async function lockOf(library: string, id: string): Promise<{ release(): Promise<void> }> {
  const folder = path.join(library, STAGING);
  const lock = await acquireLock(folder, lockName(id)).catch((error: unknown) => {
    throw diskProblem(error, library);
  });
  if (lock) return lock;
  const message = `${id} is being fetched by another process: wait for it, or stop it`;
  throw new HubError('lock', message, { subject: id, reason: '' });
}

/** The plan that was begun where it is the same that is asked for, else a new one. */
async function planOf(hub: HubConnection, order: EncoderOrder, staging: Staging): Promise<TransferPlan> {
  const { id, revision = 'main' } = order;
  const begun = await readTransfer(staging);
  if (begun?.id === id && begun.revision === revision && begun.endpoint === hub.endpoint) return begun;
  const { commit, licence, files } = await openRepository(hub, id, revision);
  const chosen = await usable(id, () => chooseEncoderFiles(files));
  // Small files first: what cannot be used is found before its weights have come.
  const inOrder = [...chosen].sort((a, b) => a.bytes - b.bytes);
  const plan = { id, endpoint: hub.endpoint, revision, commit, licence, files: inOrder };
  await beginTransfer(staging, plan);
  return plan;
}

/** @returns the bytes that came */
async function fetchFiles(
  hub: HubConnection,
  plan: TransferPlan,
  staging: string,
  onProgress: (progress: TransferProgress) => void,
): Promise<number> {
  const sizes = await Promise.all(plan.files.map((file) => bytesThere(staging, file)));
  const atStart = sizes.reduce((sum, size) => sum + size, 0);
  const total = plan.files.reduce((sum, { bytes }) => sum + bytes, 0);
  await checkRoom(staging, total - atStart);
  const started = performance.now();
  let done = atStart;
  const tell = ({ path: file }: RepositoryFile): void =>
    onProgress(transferProgress(file, { done, total, atStart }, (performance.now() - started) / 1000));
  for (const file of plan.files) {
    tell(file);
    await fetchFile({ hub, id: plan.id, commit: plan.commit }, file, staging, (bytes) => {
      done += bytes;
      tell(file);
    });
    if (file.path === 'config.json')
      await usable(plan.id, () => parseEncoderConfig(readConfig(staging), 'config.json'));
  }
  return done - atStart;
}

/** What is wrong with an encoder itself, so that fetching it again would not help. */
async function usable<T>(id: string, look: () => T | Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof HubError) throw error;
    const reason = (error as Error).message;
    throw new HubError('unusable', `${id}: ${reason}`, { subject: id, reason }, { cause: error });
  }
}

async function place(library: string, plan: TransferPlan, staging: string): Promise<string> {
  const { files, ...from } = plan;
  const source: EncoderSource = {
    ...from,
    files: files.map(({ path: name, bytes, checksum }) => ({
      path: name,
      bytes,
      checksum: `${checksum.kind}:${checksum.hex}`,
    })),
  };
  await writeDurably(path.join(staging, SOURCE_FILE), JSON.stringify(source, undefined, 2) + '\n');
  return placeEncoder(library, plan.id, staging);
}
