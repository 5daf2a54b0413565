import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/** Held by one process at a time, which may be on another machine of a shared disk. */
export interface Lock {
  /** Aborted when it is another's: a machine that slept too long loses it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const holder = z.object({ token: z.string(), pid: z.int(), host: z.string() });
type Holder = z.infer<typeof holder>;

/** Milliseconds between two signs of life. */
const BEAT = 15_000;
/**
 * Without a sign for so long, a lock holds nothing: its process was on another machine that ended, or has ended here
 * and its number is another's now. No step of an encoder blocks a thread for so long.
 */
const SILENCE = 10 * 60_000;

/**
 * Takes a lock of a plan's folder, `locks/<name>.json`. The lock of a process of this machine that is no more is taken
 * over at once.
 * @returns undefined where another process holds it
 */
export function acquireLock(folder: string, name: string): Promise<Lock | undefined> {
  return acquireFile(lockFile(folder, name));
}

/** The same, of a lock that lies elsewhere. Its folder is made. */
export async function acquireFile(file: string): Promise<Lock | undefined> {
  await mkdir(path.dirname(file), { recursive: true });
  const own: Holder = { token: randomUUID(), pid: process.pid, host: os.hostname() };
  const content = JSON.stringify(own) + '\n';
  if (!(await createdFile(file, content)) && !(await takenOver(file, content))) return undefined;
  return new HeldLock(file, own);
}

/** Whether a process holds a lock now. */
export async function isHeld(folder: string, name: string): Promise<boolean> {
  const file = lockFile(folder, name);
  return existsSync(file) && !(await isAbandoned(file));
}

/** Who holds a lock, or held it last; undefined where nobody does, or it is not yet written. */
export async function holderOf(file: string): Promise<Omit<Holder, 'token'> | undefined> {
  return await readHolder(file);
}

const lockFile = (folder: string, name: string): string => path.join(folder, 'locks', `${name}.json`);

/** Does work that no other process does meanwhile, waiting until it can. */
export async function withLock<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const lock = await acquireLock(folder, name);
    if (!lock) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}

class HeldLock implements Lock {
  private readonly beat: NodeJS.Timeout;
  private readonly loss = new AbortController();

  constructor(
    private readonly file: string,
    private readonly own: Holder,
  ) {
    this.beat = setInterval(() => void this.showLife(), BEAT).unref();
  }

  get lost(): AbortSignal {
    return this.loss.signal;
  }

  async release(): Promise<void> {
    clearInterval(this.beat);
    if ((await readHolder(this.file))?.token === this.own.token) await rm(this.file, { force: true });
  }

  private async showLife(): Promise<void> {
    const [now, held] = [new Date(), await readHolder(this.file)];
    if (held && held.token !== this.own.token) this.loss.abort();
    else await utimes(this.file, now, now).catch(() => undefined);
  }
}

/**
 * Whole from its first moment, since a process may be killed between two calls.
 * @returns false where the file is there already
 */
async function createdFile(file: string, content: string): Promise<boolean> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, content);
    // Some disks know no second names.
    await link(partial, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return writeFile(file, content, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

/** Replaces the lock of a process that is no more; one process at a time tries, so that two cannot both succeed. */
async function takenOver(file: string, content: string): Promise<boolean> {
  if (!(await isAbandoned(file))) return false;
  const turn = `${file}.turn`;
  if (!(await createdFile(turn, content))) {
    // Whoever had the turn may have ended in it.
    if (await isAbandoned(turn)) await rm(turn, { force: true });
    return false;
  }
  try {
    if (!(await isAbandoned(file))) return false;
    const partial = `${file}.${randomUUID()}.partial`;
    await writeFile(partial, content);
    await rename(partial, file);
    return true;
  } finally {
    await rm(turn, { force: true });
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  // Released meanwhile: whoever comes next may create it.
  if (!found) return false;
  if (Date.now() - found.mtimeMs > SILENCE) return true;
  const held = await readHolder(file);
  return held !== undefined && held.host === os.hostname() && !isAlive(held.pid);
}

/** Undefined where there is none, or it is being written. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return holder.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ended, though nobody has asked how: in a container whose first process asks for no children, for ever. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // After the name of the program, which stands in brackets and may hold any, comes its state.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}
