import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EncoderConfig } from '../core/encoder/config';
import type { Predictor } from '../core/predict/predictor';
import { predictionSettings } from '../core/predict/settings';
import type { Tokenizer } from '../core/tokenize/encoding';
import type { Device, DeviceChoice, DeviceFailure, Precision, Runtime } from '../core/ports';
import { casingDoubt } from '../core/tokenize/casingDoubt';
import type { TokenizerFiles } from '../core/tokenize/loadTokenizer';
import { loadTokenizer } from '../core/tokenize/loadTokenizer';
import { cacheFolder } from './cacheFolder';
import { loadEncoder } from './encoder';
import { sha256 } from './sha256';
import { readCached } from './tokenizerCache';

/** The model that comes with Anamnese, found beside the bundles. */
export const DEFAULT_MODEL = path.join(__dirname, '..', 'models', 'anamnese-default');

/** A model folder opened for prediction. */
export interface OpenedModel {
  readonly name: string;
  readonly predictor: Predictor;
  /** A sentence for a person about files that leave something open: see `casingDoubt`. */
  readonly doubt: string | undefined;
  /** The device in use now, and its arithmetic: one that fails while running gives way to the CPU. */
  device(): Device;
  precision(): Precision;
  dispose(): Promise<void>;
}

export interface OpenOptions {
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  /** A device failed and the CPU takes over: a sentence for a person, and its parts. */
  onNotice(message: string, failure: DeviceFailure): void;
  /** ONNX Runtime where none is given. */
  readonly runtime?: Runtime | undefined;
}

/**
 * Opens an encoder folder with its tokenizer and, where it has one, its `anamnese.json`.
 * @throws Error naming the file that is missing or wrong.
 */
export async function openModel(folder: string, options: OpenOptions): Promise<OpenedModel> {
  return open(folder, options).catch((error: Error) => {
    if (namesPlace(error.message, folder)) throw error;
    throw new Error(`${folder}: ${error.message}`, { cause: error });
  });
}

/** Whether a message begins with a folder or a file in it; `model` alone also begins "model.safetensors: …". */
function namesPlace(message: string, folder: string): boolean {
  const places = [folder, path.normalize(folder)].map((place) => place.replace(/[\\/]+$/, ''));
  return places.some((place) => ['/', path.sep, ':'].some((next) => message.startsWith(place + next)));
}

async function open(folder: string, options: OpenOptions): Promise<OpenedModel> {
  const { device, precision, onNotice, runtime } = options;
  const encoder = await loadEncoder(folder, {
    device,
    precision: precision === 'auto' ? undefined : precision,
    onNotice,
    runtime,
  });
  try {
    const { doubt, ...reading } = await readReading(folder, encoder.config);
    return {
      name: path.basename(path.resolve(folder)),
      predictor: { classifier: encoder, ...reading },
      doubt,
      device: () => encoder.device,
      precision: () => encoder.precision,
      dispose: () => encoder.dispose(),
    };
  } catch (error) {
    await encoder.dispose();
    throw error;
  }
}

/** How a model folder's encoder is fed and its answers are read. @throws Error naming the file that is missing or wrong */
export async function readReading(
  folder: string,
  { labels, maxPositions, problemType }: EncoderConfig,
): Promise<Pick<Predictor, 'tokenizer' | 'settings'> & Pick<OpenedModel, 'doubt'>> {
  const files = await readTokenizerFiles(folder);
  const tokenizer = loadTokenizer(files);
  const settingsFile = await readJson(folder, 'anamnese.json');
  const longest = Math.min(maxPositions, tokenizer.modelMaxLength ?? Infinity);
  const settings = predictionSettings(settingsFile, labels, longest, problemType);
  return { tokenizer, settings, doubt: casingDoubt(files) };
}

/** A short name that changes when a file of the model folder does, or anything of `besides`. */
export async function modelIdentity(folder: string, besides: unknown): Promise<string> {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(folder, name));
      return [name, size, mtimeMs];
    }),
  );
  return sha256(JSON.stringify([path.resolve(folder), files, besides])).slice(0, 16);
}

/** The tokenizer of a model folder. @throws Error naming the file that is missing or wrong. */
export async function openTokenizer(folder: string, cache = cacheFolder()): Promise<Tokenizer> {
  return loadTokenizer(await readTokenizerFiles(folder, cache));
}

/**
 * The tokenizer's files of a model folder, parsed; a large tokenizer.json by way of a compact form kept in `cache`.
 * @throws Error naming the file that cannot be read
 */
export async function readTokenizerFiles(folder: string, cache = cacheFolder()): Promise<TokenizerFiles> {
  const json = await readBytes(folder, 'tokenizer.json');
  const cached = json && (await readCached(json, path.join(folder, 'tokenizer.json'), cache));
  return {
    ...cached,
    tokenizerConfig: await readJson(folder, 'tokenizer_config.json'),
    vocabTxt: json === undefined ? await readText(folder, 'vocab.txt') : undefined,
    addedTokens: json === undefined ? await readJson(folder, 'added_tokens.json') : undefined,
  };
}

async function readText(folder: string, file: string): Promise<string | undefined> {
  return (await readBytes(folder, file))?.toString('utf8').replace(/^\uFEFF/, '');
}

async function readBytes(folder: string, file: string): Promise<Buffer | undefined> {
  return readFile(path.join(folder, file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${path.join(folder, file)}: cannot be read (${error.code ?? error.message})`);
  });
}

async function readJson(folder: string, file: string): Promise<unknown> {
  const text = await readText(folder, file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${path.join(folder, file)}: not JSON (${(error as Error).message})`);
  }
}
