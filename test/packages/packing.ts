import { spawnSync } from 'node:child_process';
import { createWriteStream, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { open } from 'yauzl';

export const root = path.resolve(__dirname, '../..');
export const here = `${process.platform}-${process.arch}`;
export const note = path.join(root, 'samples', 'notes', '01-evolucao-enfermagem.txt');

/** Runs a program to its end and returns what it printed. @throws Error with all of its words when it fails. */
export function output(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: object } = {},
): string {
  const env = { ...process.env, ...options.env };
  const cwd = options.cwd ?? root;
  // npm is a script on Windows.
  const shell = process.platform === 'win32' && program === 'npm';
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, shell, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Makes a package by a script of the project. Returns its file, which the script names last with its size. */
export function pack(script: 'vsix' | 'cli', ...args: string[]): { file: string; megabytes: number } {
  const told = output(process.execPath, [path.join('scripts', 'packages', `${script}.mjs`), ...args]);
  const [, name, size] = /(\S+)\s+([\d.]+) MB\s*$/.exec(told)!;
  return { file: path.join(root, name!), megabytes: Number(size) };
}

/** What `anamnese predict` finds in the note, by a program of the package: one JSON line. */
export function predict(program: string): { entities: { label: string; text: string }[] } {
  return JSON.parse(output(process.execPath, [program, 'predict', '--format', 'jsonl', note]));
}

/** Files of a folder, by their paths with slashes. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

/** Unpacks a zip archive. */
export async function unpack(file: string, folder: string): Promise<void> {
  const { zip, entries } = await openZip(file);
  try {
    for (const entry of entries) await write(zip, entry, path.join(folder, entry.fileName));
  } finally {
    zip.close();
  }
}

function openZip(file: string): Promise<{ zip: ZipFile; entries: Entry[] }> {
  return new Promise((resolve, reject) =>
    open(file, { lazyEntries: false, autoClose: false }, (error, zip) => {
      if (error) return reject(error);
      const entries: Entry[] = [];
      zip!.on('entry', (entry: Entry) => entries.push(entry));
      zip!.on('error', reject);
      zip!.on('end', () => resolve({ zip: zip!, entries }));
    }),
  );
}

async function write(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  const stream = await new Promise<Readable>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened!))),
  );
  await mkdir(path.dirname(target), { recursive: true });
  await pipeline(stream, createWriteStream(target));
}
