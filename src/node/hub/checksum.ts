import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { RepositoryFile } from './repository';

/** The hash that a file's bytes are to be fed to, in order. */
export function hashFor({ checksum, bytes }: RepositoryFile): Hash {
  if (checksum.kind === 'sha256') return createHash('sha256');
  // Git names a file by its length and its content.
  return createHash('sha1').update(`blob ${bytes}\0`);
}

/** Feeds a hash what already lies on disk. */
export async function hashFile(hash: Hash, path: string): Promise<void> {
  await pipeline(createReadStream(path), hash, { end: false });
}
