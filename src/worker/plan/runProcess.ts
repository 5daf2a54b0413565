import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from 'vscode-jsonrpc/node';
import { OUT_OF_MEMORY } from '../../node/training/outOfMemory';
import type { RunOutcome, RunTask, RunTaskHooks } from '../../node/experiments/carryOutRun';
import { carryOutRun, runEvent } from '../../protocol/planRun';

/** How long a run may take to stop, in milliseconds: a step of the encoder cannot be interrupted otherwise. */
const GRACE_MS = 600;

/**
 * Carries out a run in a process of its own, since the runtime blocks the thread it runs on and memory may run out.
 * @param bundle a program that calls `serveRun`
 * @throws Error with the run's own message, or advice where the system ended the process
 */
export async function carryOutInProcess(
  bundle: string,
  execArgv: readonly string[],
  { folder, id, device }: RunTask,
  { onEvent, signal }: Pick<RunTaskHooks, 'onEvent' | 'signal'>,
): Promise<RunOutcome> {
  const child = fork(bundle, ['--run'], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const lastWords = collectLastWords(child);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const cancel = new CancellationTokenSource();
  const exit = new Promise<RunOutcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, ended) =>
      signal?.aborted ? resolve('stopped') : reject(new Error(reasonOf(code, ended, lastWords()))),
    );
  });
  const stop = (): void => {
    cancel.cancel();
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
  };
  connection.onNotification(runEvent, (event) => void onEvent(event));
  connection.onError(() => undefined);
  connection.listen();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    const task = device === undefined ? { folder, id } : { folder, id, device };
    const answer = connection.sendRequest(carryOutRun, task, cancel.token);
    // An answer that never comes because the process ended is the exit's to report.
    answer.catch(() => undefined);
    exit.catch(() => undefined);
    return await Promise.race([answer, exit]);
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.dispose();
    child.kill('SIGKILL');
  }
}

const LAST_WORDS = 4000;

function collectLastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-LAST_WORDS);
    process.stderr.write(more);
  });
  return () => text;
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  // Linux ends a process that takes too much memory with SIGKILL, V8 ends itself with SIGABRT.
  if (signal === 'SIGKILL' || signal === 'SIGABRT' || /heap out of memory|bad_alloc/.test(lastWords))
    return `the process of the run was ended (${signal ?? code}); most likely ${OUT_OF_MEMORY}`;
  return `the process of the run ended unexpectedly (${signal ?? code})`;
}
