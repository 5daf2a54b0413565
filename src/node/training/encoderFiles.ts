import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { EncoderConfig } from '../../core/encoder/config';
import { parseEncoderConfig } from '../../core/encoder/config';
import { casingDoubt } from '../../core/tokenize/casingDoubt';
import type { Tokenizer } from '../../core/tokenize/encoding';
import type { TokenizerFiles } from '../../core/tokenize/loadTokenizer';
import { loadTokenizer } from '../../core/tokenize/loadTokenizer';
import { readConfig, weightFiles } from '../encoderFolder';
import { readTokenizerFiles } from '../model';

/** The files of a tokenizer, in whatever form transformers may look for. */
const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'sentencepiece.bpe.model',
  'spiece.model',
  'tokenizer.model',
];

/** A part of the weights, as transformers names it. */
const SHARD = /-\d{5}-of-\d{5}\.(?:safetensors|bin)$/;

/** The encoder that a run begins with, its weights left to the engine. */
export interface BaseEncoder {
  readonly folder: string;
  readonly name: string;
  /** config.json as it stands. */
  readonly configText: string;
  readonly config: EncoderConfig;
  readonly tokenizerFiles: TokenizerFiles;
  readonly tokenizer: Tokenizer;
  /** Tokens. */
  readonly longestInput: number;
  /** A sentence for a person about files that leave something open. */
  readonly doubt: string | undefined;
}

/** @throws Error naming the folder, and the file that is missing or wrong */
export function openBase(folder: string): Promise<BaseEncoder> {
  return readBase(folder).catch((error: Error) => {
    if (error.message.startsWith(folder)) throw error;
    throw new Error(`${folder}: ${error.message}`, { cause: error });
  });
}

async function readBase(folder: string): Promise<BaseEncoder> {
  const configText = readConfig(folder);
  const config = parseEncoderConfig(configText, 'config.json');
  const tokenizerFiles = await readTokenizerFiles(folder);
  const tokenizer = loadTokenizer(tokenizerFiles);
  const longestInput = Math.min(config.maxPositions, tokenizer.modelMaxLength ?? Infinity);
  const name = path.basename(path.resolve(folder));
  const doubt = casingDoubt(tokenizerFiles);
  return { folder, name, configText, config, tokenizerFiles, tokenizer, longestInput, doubt };
}

/** SHA-256 of what decides an encoder's answers: configuration, weights (every shard) and tokenizer. */
export async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const shards = (await readdir(folder)).filter((name) => SHARD.test(name)).sort();
  for (const name of ['config.json', ...weightFiles, ...shards, 'tokenizer.json', 'vocab.txt']) {
    if (!existsSync(path.join(folder, name))) continue;
    hash.update(name);
    await pipeline(createReadStream(path.join(folder, name)), hash, { end: false });
  }
  return hash.digest('hex');
}

/** Copies the tokenizer's files as they are. */
export async function copyTokenizer(from: string, to: string): Promise<void> {
  for (const name of TOKENIZER_FILES)
    if (existsSync(path.join(from, name))) await copyFile(path.join(from, name), path.join(to, name));
}
