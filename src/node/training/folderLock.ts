import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TrainingError } from '../../core/train/trainingError';
import type { Lock } from '../lock';
import { acquireFile, holderOf } from '../lock';

/** Hidden, so that a folder that holds nothing else is still an empty one. */
const LOCK = '.lock.json';
/**
 * Milliseconds to wait for another process by default: one whose command was killed lives on until the step ends that
 * it is at.
 */
const PATIENCE = 20_000;
const LOOK = 100;

export interface LockOptions {
  /** Milliseconds to wait for another process to end, some 20 seconds by default. */
  readonly patience?: number | undefined;
  /** Told once where it has to wait. */
  readonly onWait?: ((message: string) => void | Promise<void>) | undefined;
}

/**
 * Makes a run's folder this process's own, since two that save checkpoints in one folder remove each other's.
 * @param folder the one below `out` that holds checkpoints; it is made
 * @throws TrainingError where another process stays at it
 */
export async function lockFolder(
  out: string,
  folder: string,
  { patience = PATIENCE, onWait }: LockOptions,
): Promise<Lock> {
  const file = path.join(folder, LOCK);
  const until = performance.now() + patience;
  for (let waits = false; ; waits = true) {
    const lock = await acquireFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new TrainingError(
        'settings',
        `${out}: cannot be used for --out (${error.code ?? error.message})`,
      );
    });
    if (lock) return lock;
    const other = `${out}: another process trains here (${await shownHolder(file)})`;
    if (performance.now() > until)
      throw new TrainingError('settings', `${other}: wait until it ends, or train in another folder`);
    if (!waits) await onWait?.(`${other}: waiting for it to end`);
    await delay(LOOK);
  }
}

async function shownHolder(file: string): Promise<string> {
  const holder = await holderOf(file);
  return holder ? `pid ${holder.pid} on ${holder.host}` : 'pid unknown';
}
