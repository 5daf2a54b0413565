import { shownBytes } from '../../core/library/transfer';
import type { TransferProgress } from '../../core/library/transfer';
import { onSignals } from '../../node/ownProcess';
import { Progress, duration } from '../training/progress';

/** What is fetched, from where, and where to. */
export interface FetchRequest {
  readonly id: string;
  readonly library: string;
  readonly revision?: string;
  readonly endpoint?: string;
  readonly json?: boolean;
}

/** The exit code of a program that a signal stopped. */
const INTERRUPTED = 130;

/** Fetches an encoder with its progress on standard error; the first signal stops it, and what came is kept. */
export async function fetchFromHub({ id, library, revision, endpoint, json }: FetchRequest): Promise<void> {
  // The hub's client is most of what this command loads: no other one waits for it.
  const { connectToHub } = await import('../../node/hub/connection');
  const { fetchEncoder } = await import('../../node/hub/fetchEncoder');
  const stop = new AbortController();
  const forget = onSignals(() => stop.abort());
  const hub = connectToHub({ endpoint, signal: stop.signal });
  const shown = new Progress(process.stderr, () => performance.now());
  try {
    const onProgress = (progress: TransferProgress): void =>
      shown.brief(() =>
        json ? JSON.stringify({ type: 'progress', ...progress }) : progressLine(id, progress),
      );
    const { folder, commit, fetchedBytes } = await fetchEncoder(hub, { id, revision }, library, onProgress);
    shown.end();
    if (json) return printJson({ type: 'added', id, folder, commit, fetchedBytes });
    const what = fetchedBytes > 0 ? `added ${id}` : `${id} is here already`;
    process.stdout.write(
      `${what} (commit ${commit.slice(0, 12)}, ${shownBytes(fetchedBytes)} fetched): ${folder}\n`,
    );
  } catch (error) {
    shown.end();
    if (!stop.signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
    console.error('anamnese: stopped; the same command goes on from what has come');
  } finally {
    forget();
    await hub.close();
  }
}

/** `jhu-clsp/mmBERT-base  412 MB of 1.23 GB  33 %  18.4 MB/s  45 s left`. */
export function progressLine(id: string, progress: TransferProgress): string {
  const { doneBytes, totalBytes, bytesPerSecond, secondsLeft } = progress;
  return [
    id,
    `${shownBytes(doneBytes)} of ${shownBytes(totalBytes)}`,
    `${Math.floor((100 * doneBytes) / Math.max(1, totalBytes))} %`,
    ...(bytesPerSecond === null ? [] : [`${shownBytes(bytesPerSecond)}/s`]),
    ...(secondsLeft === null ? [] : [`${duration(1000 * secondsLeft)} left`]),
  ].join('  ');
}

function printJson(event: unknown): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
