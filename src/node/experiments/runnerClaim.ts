import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sha256 } from '../sha256';

/** What a process that carries out a plan leaves in the plan's folder. */
interface Claim {
  readonly pid: number;
  readonly pipe: string;
}

/** A pipe's place that no other process has: a folder of the person's own, or a name of Windows' pipes. */
export async function newPipe(): Promise<string> {
  const name = randomBytes(8).toString('hex');
  if (process.platform === 'win32') return `\\\\.\\pipe\\anamnese-${name}`;
  // Sockets have paths of about a hundred bytes at most, so that the plan's own folder will not do.
  return path.join(await mkdtemp(path.join(os.tmpdir(), 'anamnese-')), 'plan');
}

export async function removePipe(pipe: string): Promise<void> {
  if (process.platform !== 'win32') await rm(path.dirname(pipe), { recursive: true, force: true });
}

/** A claim is written within this time, in milliseconds; what cannot be read by then was left by a process that died. */
const WRITTEN_MS = 1000;

/** How a claim's file is read, and whether the process that wrote it still answers. */
export interface ClaimKind<T extends Claim> {
  parse(text: string): T | undefined;
  isAlive(claim: T): Promise<boolean>;
}

/**
 * Makes `file` this process's own, unless another one that lives has it. A dead one's is removed by whoever claims, in
 * the same way, the right to remove just that content; then the first to write has it.
 * @returns the claim that stands: this one, or the other's
 */
export async function claim<T extends Claim>(file: string, own: T, kind: ClaimKind<T>): Promise<T> {
  for (;;) {
    if (await create(file, JSON.stringify(own))) return own;
    const { text, found } = await readClaim(file, kind);
    if (text === undefined) continue;
    if (found && (await kind.isAlive(found))) return found;
    await clearAway(file, text, own, kind);
  }
}

async function clearAway<T extends Claim>(
  file: string,
  dead: string,
  own: T,
  kind: ClaimKind<T>,
): Promise<void> {
  const right = `${file}.${sha256(dead).slice(0, 8)}.lock`;
  if ((await claim(right, own, kind)).pipe !== own.pipe) return delay(20);
  // Whoever had the right before may have used it.
  if ((await readText(file)) === dead) await rm(file, { force: true });
  await rm(right, { force: true });
}

/** Gives a claim up, if it is still this process's own. */
export async function release<T extends Claim>(file: string, own: T, { parse }: ClaimKind<T>): Promise<void> {
  const text = await readText(file);
  if (text !== undefined && parse(text)?.pipe === own.pipe) await rm(file, { force: true });
}

async function create(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(content).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A claim as it stands, once it has been written; `text` is undefined where there is none any more. */
async function readClaim<T extends Claim>(
  file: string,
  { parse }: ClaimKind<T>,
): Promise<{ text: string | undefined; found: T | undefined }> {
  const deadline = performance.now() + WRITTEN_MS;
  for (;;) {
    const text = await readText(file);
    const found = text === undefined ? undefined : parse(text);
    if (text === undefined || found || performance.now() > deadline) return { text, found };
    await delay(50);
  }
}

function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
