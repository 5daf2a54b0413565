import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { MessageConnection, NotificationType, RequestType } from 'vscode-jsonrpc/node';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from 'vscode-jsonrpc/node';
import type { Reader } from '../core/train/trainingError';
import { outOfMemoryAdvice, saysOutOfMemory } from './training/outOfMemory';

/** How long a stop may take before the process is ended: a run of the encoder cannot be interrupted otherwise. */
const GRACE_MS = 700;

/** What the process runs. */
export interface TrainerProgram {
  readonly bundle: string;
  readonly execArgv: readonly string[];
}

/** The process that trains, beside this bundle. */
export const TRAINER: TrainerProgram = { bundle: path.join(__dirname, 'trainer.js'), execArgv: [] };

/** What is asked of a process, and what it tells meanwhile. */
export interface Asked<Params, Result, Event> {
  readonly request: RequestType<Params, Result, void>;
  readonly params: Params;
  readonly event: NotificationType<Event>;
  onEvent(event: Event): void;
  /** The plan that an event says training is computed by, for the advice where memory runs out. */
  planOf(event: Event): string | undefined;
  /** Who is told what to do then. */
  readonly reader: Reader;
  /** Answers what the process asks back. */
  serve?(connection: MessageConnection): void;
  /** Who may stop it; returns how to take no more notice. A second wish ends the process at once. */
  onStop(stop: () => void): () => void;
}

/** How a request ended that did not fail. */
export type Answer<Result> =
  { readonly type: 'result'; readonly result: Result } | { readonly type: 'killed' };

/**
 * Asks something of a process of its own, since the runtime blocks the thread it runs on: this one stays free to answer
 * a stop at once, and outlives the other when memory runs out.
 * @throws Error with the process's own message, or advice where the system ended it
 */
export async function askProcess<Params, Result, Event>(
  { request, params, event, onEvent, planOf, reader, serve, onStop }: Asked<Params, Result, Event>,
  { bundle, execArgv }: TrainerProgram = TRAINER,
): Promise<Answer<Result>> {
  const child = fork(bundle, [], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastWords = collectLastWords(child);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const cancel = new CancellationTokenSource();
  const stopping = stopWithGrace(child, cancel, onStop);
  let plan: string | undefined;
  connection.onNotification(event, (told) => {
    plan = planOf(told) ?? plan;
    onEvent(told);
  });
  serve?.(connection);
  connection.listen();
  const exit = new Promise<Answer<Result>>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (stopping.asked()) resolve({ type: 'killed' });
      else reject(new Error(reasonOf(code, signal, lastWords(), outOfMemoryAdvice(plan, reader))));
    });
  });
  try {
    const answer = connection
      .sendRequest(request, params, cancel.token)
      .then((result): Answer<Result> => ({ type: 'result', result }));
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

/** Signals of the terminal and the system as wishes to stop. */
export function onSignals(stop: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}

/** A signal of the caller as a wish to stop. */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  return () => signal?.removeEventListener('abort', stop);
}

/** The first wish asks for a stop, which must come soon; a second one ends the process at once. */
function stopWithGrace(
  child: ChildProcess,
  cancel: CancellationTokenSource,
  onStop: (stop: () => void) => () => void,
) {
  let timer: NodeJS.Timeout | undefined;
  const forget = onStop(() => {
    if (timer) child.kill('SIGKILL');
    timer ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    cancel.cancel();
  });
  return {
    asked: () => timer !== undefined,
    dispose: () => {
      clearTimeout(timer);
      forget();
    },
  };
}

const LAST_WORDS = 4000;

function collectLastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-LAST_WORDS)));
  return () => text;
}

function reasonOf(
  code: number | null,
  signal: NodeJS.Signals | null,
  lastWords: string,
  advice: string,
): string {
  // Linux ends a process that takes too much memory with SIGKILL, V8 ends itself with SIGABRT.
  if (signal === 'SIGKILL' || signal === 'SIGABRT' || saysOutOfMemory(lastWords))
    return `the training process was ended (${signal ?? code}); most likely ${advice}`;
  const last = lastWords.trim().split('\n').at(-1);
  return `the training process ended unexpectedly (${signal ?? code})${last ? `: ${last}` : ''}`;
}
