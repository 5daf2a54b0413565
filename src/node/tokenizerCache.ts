import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { CompactTokenizer } from '../core/tokenize/compact';
import { COMPACT_VERSION, compactFromBytes, compactOf, compactToBytes } from '../core/tokenize/compact';
import type { TokenizerFiles } from '../core/tokenize/loadTokenizer';
import { makeFolder, writeWholeFile } from './wholeFile';

/** A smaller tokenizer.json is read as fast as its compact form is found. */
const WORTH_BYTES = 2 ** 20;
/** Tokenizers kept; one of 256,000 tokens takes 8 MB. */
const KEPT = 16;
const ENDING = `.v${COMPACT_VERSION}.tokenizer`;
const DIGEST_BYTES = 32;

/**
 * A tokenizer.json, large ones by way of their compact form, which lies in `cache` under the hash of the file's content
 * and is made again where it is missing, broken or of another version. A cache that cannot be written is done without.
 * @param name the file's name for messages
 * @throws Error where the file is not JSON, TokenizerFileError where it is no tokenizer
 */
export async function readCached(
  bytes: Buffer,
  name: string,
  cache: string,
): Promise<Pick<TokenizerFiles, 'tokenizerJson' | 'compact'>> {
  // Models without merges have no compact form.
  if (bytes.length < WORTH_BYTES || !bytes.includes('"merges"'))
    return { tokenizerJson: parsed(bytes, name) };
  const file = path.join(cache, 'tokenizers', digest(bytes).toString('hex') + ENDING);
  const known = await readCompact(file);
  if (known) return { compact: known };
  const tokenizerJson = parsed(bytes, name);
  const compact = compactOf(tokenizerJson);
  if (!compact) return { tokenizerJson };
  await writeCompact(file, compact).catch(() => undefined);
  return { compact };
}

function parsed(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new Error(`${name}: not JSON (${(error as Error).message})`, { cause: error });
  }
}

/** Behind the compact form stands its SHA-256: what a disk or a crash has changed is not read as something else. */
async function readCompact(file: string): Promise<CompactTokenizer | undefined> {
  try {
    const bytes = await readFile(file);
    const content = bytes.subarray(0, -DIGEST_BYTES);
    if (!digest(content).equals(bytes.subarray(-DIGEST_BYTES))) return undefined;
    // The files used last are those kept.
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return compactFromBytes(content);
  } catch {
    return undefined;
  }
}

async function writeCompact(file: string, compact: CompactTokenizer): Promise<void> {
  const content = compactToBytes(compact);
  await makeFolder(path.dirname(file));
  await writeWholeFile(file, Buffer.concat([content, digest(content)]));
  await tidy(path.dirname(file));
}

/** Removes the files not used for longest, of whatever version: another one of Anamnese may still read them. */
async function tidy(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tokenizer'));
  const files = names.map((name) => path.join(folder, name));
  const used = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
  used.sort((a, b) => b.time - a.time);
  for (const { file } of used.slice(KEPT)) await rm(file, { force: true });
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
