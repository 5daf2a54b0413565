import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from 'vscode-jsonrpc/node';
import type { TrainingJob } from '../../core/train/jobs';
import type { RunEvent, RunResult } from '../../core/train/runEvents';
import { OUT_OF_MEMORY } from '../../node/training/outOfMemory';
import { runTraining, trainingEvent } from '../../protocol/training';

/** How long a stop may take before the process is ended: a run of the encoder cannot be interrupted otherwise. */
const GRACE_MS = 700;

/** What the process runs. */
export interface TrainerProgram {
  readonly bundle: string;
  readonly execArgv: readonly string[];
}

/** How a run ended that did not fail. */
export type Ending = { readonly type: 'result'; readonly result: RunResult } | { readonly type: 'killed' };

/**
 * Trains in a process of its own, since the runtime blocks the thread it runs on: this one stays free to answer a
 * Ctrl-C at once, and outlives the other when memory runs out.
 * @throws Error with the run's own message, or advice where the system ended the process
 */
export async function trainInProcess(
  job: TrainingJob,
  onEvent: (event: RunEvent) => void,
  { bundle, execArgv }: TrainerProgram = { bundle: path.join(__dirname, 'trainer.js'), execArgv: [] },
): Promise<Ending> {
  const child = fork(bundle, [], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastWords = collectLastWords(child);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const cancel = new CancellationTokenSource();
  const stopping = stopOnSignals(child, cancel);
  connection.onNotification(trainingEvent, onEvent);
  connection.listen();
  const exit = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (stopping.asked()) resolve({ type: 'killed' });
      else reject(new Error(reasonOf(code, signal, lastWords())));
    });
  });
  try {
    const answer = connection
      .sendRequest(runTraining, job, cancel.token)
      .then((result): Ending => ({ type: 'result', result }));
    // An answer that never comes because the process ended is the exit's to report.
    answer.catch(() => undefined);
    return await Promise.race([answer, exit]);
  } finally {
    exit.catch(() => undefined);
    stopping.dispose();
    connection.dispose();
    child.kill('SIGKILL');
  }
}

/** The first signal asks for a stop, which must come soon; a second one ends the process at once. */
function stopOnSignals(child: ChildProcess, cancel: CancellationTokenSource) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (timer) child.kill('SIGKILL');
    timer ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    cancel.cancel();
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    asked: () => timer !== undefined,
    dispose: () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, stop);
    },
  };
}

const LAST_WORDS = 4000;

function collectLastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-LAST_WORDS)));
  return () => text;
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  // Linux ends a process that takes too much memory with SIGKILL, V8 ends itself with SIGABRT.
  if (signal === 'SIGKILL' || signal === 'SIGABRT' || /heap out of memory|bad_alloc/.test(lastWords))
    return `the training process was ended (${signal ?? code}); most likely ${OUT_OF_MEMORY}`;
  const last = lastWords.trim().split('\n').at(-1);
  return `the training process ended unexpectedly (${signal ?? code})${last ? `: ${last}` : ''}`;
}
