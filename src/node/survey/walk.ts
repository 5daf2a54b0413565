import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { weightFiles } from '../encoderFolder';

/** A folder with the names of its own files, in order. */
export interface WalkedFolder {
  readonly folder: string;
  readonly files: readonly string[];
  readonly kind: 'encoder' | 'plan' | 'other';
}

/** Deeper folders and more of them than people keep notes in are left out: a workspace may be a whole disk. */
const DEEPEST = 8;
const MOST_FOLDERS = 20_000;

/** Every folder from `root` down, parents first; hidden ones, packages and `skip` are left out, as is what lies in encoders and plans. */
export async function* walk(root: string, skip: readonly string[]): AsyncGenerator<WalkedFolder> {
  const left = new Set(skip.map((folder) => path.resolve(folder)));
  const waiting = [{ folder: path.resolve(root), depth: 0 }];
  for (let seen = 0; seen < MOST_FOLDERS; seen++) {
    const next = waiting.shift();
    if (!next) return;
    const { folder, depth } = next;
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const kind = kindOf(files);
    yield { folder, files: files.sort(), kind };
    if (kind !== 'other' || depth === DEEPEST) continue;
    const below = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map(({ name }) => path.join(folder, name))
      .filter((child) => !left.has(child))
      .sort();
    waiting.push(...below.map((child) => ({ folder: child, depth: depth + 1 })));
  }
}

function kindOf(files: readonly string[]): WalkedFolder['kind'] {
  if (files.includes('config.json') && files.some((name) => weightFiles.includes(name))) return 'encoder';
  return files.includes('plan.json') ? 'plan' : 'other';
}
