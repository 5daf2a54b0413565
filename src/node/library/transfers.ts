import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BegunEncoder } from '../../core/library/library';
import { replaceFile } from '../training/durable';

/** Transfers, and what is to be deleted, lie here: nothing that looks for encoders looks in hidden folders. */
export const STAGING = '.fetching';

/** What was decided when a transfer began, so that one taken up later ends at the same commit. */
const transferPlan = z.object({
  id: z.string(),
  endpoint: z.string(),
  /** As it was asked for. */
  revision: z.string(),
  commit: z.string(),
  licence: z.string().optional(),
  files: z.array(
    z.object({
      path: z.string().regex(/^[^/\\]+$/),
      bytes: z.int().nonnegative(),
      checksum: z.object({ kind: z.enum(['sha256', 'git']), hex: z.string() }),
    }),
  ),
});
export type TransferPlan = z.infer<typeof transferPlan>;

/** Where a transfer has its files, and beside them its plan. */
export interface Staging {
  readonly folder: string;
  readonly plan: string;
}

/** Under which one process at a time fetches an encoder. */
export function lockName(id: string): string {
  return id.replace('/', '--');
}

export function stagingOf(library: string, id: string): Staging {
  const folder = path.join(library, STAGING, lockName(id));
  return { folder, plan: `${folder}.json` };
}

/** Begins a transfer anew. */
export async function beginTransfer(staging: Staging, plan: TransferPlan): Promise<void> {
  await clearTransfer(staging);
  await mkdir(staging.folder, { recursive: true });
  await replaceFile(staging.plan, JSON.stringify(plan) + '\n');
}

/** The transfer that was begun; undefined where there is none that could go on. */
export async function readTransfer({ folder, plan }: Staging): Promise<TransferPlan | undefined> {
  if (!existsSync(folder)) return undefined;
  try {
    return transferPlan.parse(JSON.parse(await readFile(plan, 'utf8')));
  } catch {
    return undefined;
  }
}

export async function clearTransfer({ folder, plan }: Staging): Promise<void> {
  for (const place of [folder, plan]) await rm(place, { recursive: true, force: true });
}

/** The name of a file that is not whole yet. */
export const INCOMPLETE = '.incomplete';

/** Bytes of a file that lie in a folder, whole or not. */
export async function bytesThere(
  folder: string,
  { path: name, bytes }: TransferPlan['files'][number],
): Promise<number> {
  const size = async (file: string): Promise<number | undefined> =>
    (await stat(file).catch(() => undefined))?.size;
  const there =
    (await size(path.join(folder, name))) ?? (await size(path.join(folder, name + INCOMPLETE))) ?? 0;
  return Math.min(there, bytes);
}

/** The transfers of a library that were begun and have not ended. */
export async function readTransfers(library: string): Promise<BegunEncoder[]> {
  const names = await readdir(path.join(library, STAGING)).catch((): string[] => []);
  const found: BegunEncoder[] = [];
  for (const name of names.filter((one) => one.endsWith('.json') && one.includes('--'))) {
    const folder = path.join(library, STAGING, name.slice(0, -'.json'.length));
    const plan = await readTransfer({ folder, plan: `${folder}.json` });
    if (!plan) continue;
    const there = await Promise.all(plan.files.map((file) => bytesThere(folder, file)));
    found.push({
      id: plan.id,
      revision: plan.revision,
      doneBytes: there.reduce((sum, bytes) => sum + bytes, 0),
      totalBytes: plan.files.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }
  return found;
}
