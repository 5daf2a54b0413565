import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../core/encoder/checkpoint';
import type { EncoderConfig } from '../core/encoder/config';
import { parseEncoderConfig } from '../core/encoder/config';
import { EncoderError } from '../core/encoder/encoderError';
import { EncoderWeights } from '../core/encoder/weights';
import { openPytorch } from './checkpoint/pytorch';
import { openSafetensors } from './checkpoint/safetensors';
import { openSharded } from './checkpoint/sharded';

/** An encoder as Hugging Face publishes it. Weights are read from the open files when asked for, until `close`. */
export interface EncoderFolder {
  readonly path: string;
  readonly config: EncoderConfig;
  readonly weights: EncoderWeights;
  close(): void;
}

/** What transformers looks for, in its order. */
const openers: readonly [string, (path: string) => Checkpoint | Promise<Checkpoint>][] = [
  ['model.safetensors', openSafetensors],
  ['model.safetensors.index.json', (path) => openSharded(path, openSafetensors)],
  ['pytorch_model.bin', openPytorch],
  ['pytorch_model.bin.index.json', (path) => openSharded(path, openPytorch)],
];

/** The names of the files that may hold a folder's weights. */
export const weightFiles: readonly string[] = openers.map(([name]) => name);

/** config.json is a few kilobytes, hundreds where it names many labels. */
const maxConfigBytes = 2 ** 24;

/**
 * Opens a folder with config.json and the weights: safetensors or PyTorch, in one file or sharded.
 * @throws EncoderError naming the file and what is wrong with it
 */
export async function openEncoderFolder(path: string): Promise<EncoderFolder> {
  const config = parseEncoderConfig(readConfig(path), 'config.json');
  const checkpoint = await openCheckpoint(path);
  try {
    return {
      path,
      config,
      weights: EncoderWeights.open(config, checkpoint),
      close: () => checkpoint.close(),
    };
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** The text of a folder's config.json. @throws EncoderError where there is none */
export function readConfig(folder: string): string {
  const path = join(folder, 'config.json');
  try {
    if (statSync(path).size <= maxConfigBytes) return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'is missing: this is no folder of an encoder' : `cannot be read (${code})`;
    throw new EncoderError(path, reason);
  }
  throw new EncoderError(path, 'is absurdly large');
}

async function openCheckpoint(folder: string): Promise<Checkpoint> {
  for (const [name, open] of openers) {
    const path = join(folder, name);
    if (existsSync(path)) return await open(path);
  }
  const names = openers.map(([name]) => name).join(', ');
  throw new EncoderError(folder, `has no weights: none of ${names}`);
}
