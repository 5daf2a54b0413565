import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import type { EditorQuestion, WindowAnswer } from '../../core/llm/editorModels';
import type { RunnerEvent } from '../../core/experiments/planState';
import type { RunnerFile, RunnerStart, TimedState } from '../../protocol/planRunner';
import {
  AGREED_HOSTS,
  askEditor,
  planEvent,
  RUNNER_LOG,
  stopPlan,
  subscribe,
} from '../../protocol/planRunner';

/** What a window hears of a plan's process. */
export interface RunnerListener {
  event(event: RunnerEvent, at: number): void;
  /** Asks a language model of VS Code’s; left out where this window asks none. */
  ask?(question: EditorQuestion, token: CancellationToken): Promise<WindowAnswer>;
  /** The process is gone, or this window let go of it; nothing follows. */
  closed(): void;
}

export interface AttachedRunner {
  readonly pid: number;
  /** As it was when this window came. */
  readonly first: TimedState;
  stop(): Promise<void>;
  dispose(): void;
}

/** A process that lives answers sooner, even on a machine that is busy. */
const ANSWER_MS = 5000;

/** Connects to the process that carries out a plan; undefined where it does not answer: it is dead. */
export async function attachRunner(
  { pipe, token, pid }: RunnerFile,
  listener: RunnerListener,
): Promise<AttachedRunner | undefined> {
  const { createMessageConnection, StreamMessageReader, StreamMessageWriter } =
    await import('../connections');
  const socket = connect(pipe);
  const late = setTimeout(() => socket.destroy(), ANSWER_MS);
  socket.on('error', () => undefined);
  const there = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
  if (!there) return undefined;
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  let attached = false;
  connection.onNotification(planEvent, ({ event, at }) => listener.event(event, at));
  const { ask } = listener;
  if (ask) connection.onRequest(askEditor, (question, token) => ask(question, token));
  connection.onError(() => undefined);
  socket.on('close', () => {
    connection.dispose();
    if (attached) listener.closed();
  });
  connection.listen();
  try {
    const first = await connection.sendRequest(subscribe, { token, asks: ask !== undefined });
    attached = !socket.destroyed;
    const stop = async (): Promise<void> => {
      if (!socket.destroyed) await connection.sendRequest(stopPlan, null).catch(() => undefined);
    };
    return attached ? { pid, first, stop, dispose: () => socket.destroy() } : undefined;
  } catch {
    socket.destroy();
    return undefined;
  } finally {
    clearTimeout(late);
  }
}

/** What carries out plans. */
export interface RunnerProgram {
  readonly bundle: string;
  readonly execArgv?: readonly string[];
  /** What its environment has besides this one's: keys, and what was agreed to. */
  environment?(): Promise<Readonly<Record<string, string>>>;
  /** What it asks a window back. */
  readonly ask?: RunnerListener['ask'];
}

/**
 * Starts a process that carries out a plan and outlives this one; its output goes to a log in the plan's folder.
 * Resolves once it has the plan, or has found that another process has.
 */
export async function startRunner(
  { bundle, execArgv = [], environment }: RunnerProgram,
  folder: string,
): Promise<RunnerStart> {
  const env = { ...process.env, [AGREED_HOSTS]: '', ...(await environment?.()) };
  mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(folder, RUNNER_LOG), 'a');
  try {
    const child = fork(bundle, [folder], {
      detached: true,
      execArgv: [...execArgv],
      env,
      stdio: ['ignore', log, log, 'ipc'],
    });
    const started = await new Promise<RunnerStart>((resolve) => {
      child.once('message', (start) => resolve(start as RunnerStart));
      child.once('error', ({ message }) => resolve({ type: 'failed', message }));
      child.once('exit', (code, signal) =>
        resolve({ type: 'failed', message: `the process ended (${signal ?? code}); see ${RUNNER_LOG}` }),
      );
    });
    if (child.connected) child.disconnect();
    child.unref();
    return started;
  } finally {
    closeSync(log);
  }
}
