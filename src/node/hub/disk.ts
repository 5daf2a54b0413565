import { statfs } from 'node:fs/promises';
import { HubError } from '../../core/library/hubError';
import { shownBytes } from '../../core/library/transfer';

/** A full disk in a person's words; what has come stays for the next try. Other errors are handed on. */
export function diskProblem(error: unknown, place: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return full(place, code, 'the disk is full', error);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    const message = `${place}: cannot be written (${code})`;
    return new HubError('disk', message, { subject: place, reason: code }, { cause: error });
  }
  return error;
}

/** Says at once what would only be found after hours. @throws HubError where there is not enough room */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const found = await statfs(folder).catch(() => undefined);
  // Some network disks do not say.
  if (!found || found.blocks === 0) return;
  const free = found.bavail * found.bsize;
  if (bytes > free)
    throw full(folder, shownBytes(bytes), `${shownBytes(bytes)} are needed and ${shownBytes(free)} are free`);
}

function full(place: string, reason: string, problem: string, cause?: unknown): HubError {
  const message = `${place}: ${problem}; free some space and try again: it goes on from what has come`;
  return new HubError('disk', message, { subject: place, reason }, { cause });
}
