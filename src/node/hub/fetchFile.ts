import type { Hash } from 'node:crypto';
import { open, rename, rm, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { downloadFile } from '@huggingface/hub';
import { HubError } from '../../core/library/hubError';
import { INCOMPLETE } from '../library/transfers';
import { hashFile, hashFor } from './checksum';
import type { HubConnection } from './connection';
import { codeOf } from './connection';
import { diskProblem } from './disk';
import type { RepositoryFile } from './repository';
import { apiError, asHubError } from './repository';
import { pause } from './retry';

/** Where a file comes from. */
export interface FileSource {
  readonly hub: HubConnection;
  readonly id: string;
  readonly commit: string;
}

/** Connections that may be cut one after another without a byte having come. */
const CUTS_IN_A_ROW = 5;

/**
 * Fetches what is missing of a file: nothing that lies in the folder is fetched again, and the file has its name only
 * once its checksum is right. A cut connection is taken up where it was cut.
 * @param onBytes told how many more bytes are on disk
 * @throws HubError
 */
export async function fetchFile(
  source: FileSource,
  file: RepositoryFile,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const target = path.join(folder, file.path);
  if ((await stat(target).catch(() => undefined))?.size === file.bytes) return;
  const partial = target + INCOMPLETE;
  const hash = await begin(file, partial);
  for (let cuts = 0, there = hash.there; there < file.bytes;) {
    const before = there;
    const cut = await append(source, file, partial, { hash: hash.hash, there }, (bytes) => {
      there += bytes;
      onBytes(bytes);
    });
    if (there >= file.bytes) break;
    cuts = there > before ? 1 : cuts + 1;
    if (cuts >= CUTS_IN_A_ROW) throw cut;
    await pause(source.hub.firstWaitMs * 2 ** (cuts - 1), source.hub.signal);
  }
  await finish(file, hash.hash, partial, target);
}

/** The hash of what is there already, and how much that is. */
async function begin(file: RepositoryFile, partial: string): Promise<{ hash: Hash; there: number }> {
  const hash = hashFor(file);
  await (await open(partial, 'a')).close();
  const { size } = await stat(partial);
  if (size > file.bytes) await truncate(partial, 0);
  else await hashFile(hash, partial);
  return { hash, there: size > file.bytes ? 0 : size };
}

/** Appends what comes until it ends or is cut, which is answered. @throws HubError where more tries would not help */
async function append(
  source: FileSource,
  file: RepositoryFile,
  partial: string,
  { hash, there }: { readonly hash: Hash; readonly there: number },
  onBytes: (bytes: number) => void,
): Promise<HubError> {
  const { hub, id, commit } = source;
  const handle = await open(partial, 'a');
  try {
    for await (const chunk of await bytesFrom(source, file, there)) {
      hub.signal?.throwIfAborted();
      await write(handle, chunk, partial);
      hash.update(chunk);
      onBytes(chunk.length);
    }
    await handle.sync();
    return cutOff(hub, file, 'no more bytes came');
  } catch (error) {
    hub.signal?.throwIfAborted();
    const problem = asHubError(error, hub, id, commit);
    if (problem instanceof HubError && problem.problem !== 'cut' && !isCut(error)) throw problem;
    return cutOff(hub, file, codeOf(error));
  } finally {
    await handle.close();
  }
}

/** Undici's word for a body that ended too early, or came too slowly. */
function isCut(error: unknown): boolean {
  return (
    !(error instanceof HubError) &&
    /terminated|UND_ERR|ECONNRESET|aborted|socket/i.test(`${error} ${codeOf(error)}`)
  );
}

function cutOff({ host }: HubConnection, { path: name }: RepositoryFile, reason: string): HubError {
  const message = `${host}: the connection is cut again and again (${reason}) at ${name}; what has come is kept, and the next try goes on from there`;
  return new HubError('cut', message, { subject: name, reason });
}

async function bytesFrom(
  { hub, id, commit }: FileSource,
  { path: name, bytes }: RepositoryFile,
  from: number,
): Promise<AsyncIterable<Uint8Array>> {
  let refusal: unknown;
  const blob = await downloadFile({
    repo: id,
    path: name,
    revision: commit,
    hubUrl: hub.endpoint,
    // The other protocol of the hub needs a host of its own, which a mirror or a proxy may not let through.
    xet: false,
    downloadInfo: {
      url: `${hub.endpoint}/${id}/resolve/${commit}/${encodeURIComponent(name)}`,
      size: bytes,
      etag: '',
    },
    fetch: async (input, init) => {
      try {
        const answer = await hub.fetch(input, init);
        if (!answer.ok) throw await apiError(answer);
        return checkedRange(answer, from, hub, name);
      } catch (error) {
        refusal = error;
        throw error;
      }
    },
  });
  const stream = blob!.slice(from, bytes).stream() as unknown as AsyncIterable<Uint8Array>;
  return (async function* () {
    try {
      yield* stream;
    } catch (error) {
      // The library hands on a refusal's words alone.
      throw refusal ?? error;
    }
  })();
}

/** A server that takes no notice of the range would send the beginning once more. */
function checkedRange(answer: Response, from: number, hub: HubConnection, name: string): Response {
  if (from === 0) return answer;
  if (answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${from}-`))
    return answer;
  const message = `${hub.host} cannot go on with a file that was begun (${name}): remove it and begin anew`;
  throw new HubError('server', message, { subject: hub.host, reason: name });
}

async function write(handle: FileHandle, chunk: Uint8Array, partial: string): Promise<void> {
  try {
    await handle.appendFile(chunk);
  } catch (error) {
    throw diskProblem(error, partial);
  }
}

async function finish(file: RepositoryFile, hash: Hash, partial: string, target: string): Promise<void> {
  const found = hash.digest('hex');
  if (found === file.checksum.hex) return rename(partial, target);
  await rm(partial, { force: true });
  const message = `${file.path}: what came is not what the hub promises (checksum ${found.slice(0, 12)}…, promised ${file.checksum.hex.slice(0, 12)}…): it was thrown away; try again, or name another mirror`;
  throw new HubError('checksum', message, { subject: file.path, reason: found });
}
