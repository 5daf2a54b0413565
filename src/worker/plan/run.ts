import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AskEditor } from '../../core/llm/editorModels';
import type { PlanEvent, PlanProgress } from '../../core/experiments/planEvents';
import type { RunnerEvent } from '../../core/experiments/planState';
import { claim, newPipe, release, removePipe } from '../../node/experiments/runnerClaim';
import type { RunnerFile, RunnerStart } from '../../protocol/planRunner';
import { parseRunner, RUNNER_FILE } from '../../protocol/planRunner';
import { answers } from './answers';
import { PlanServer } from './server';

/** Carries out what is left of a plan. */
export type CarryOut = (
  folder: string,
  hooks: {
    readonly signal: AbortSignal;
    onEvent(event: PlanEvent): void | Promise<void>;
    readonly askEditor: AskEditor;
  },
) => Promise<PlanProgress>;

/** How long stopping may take, in milliseconds; afterwards it ends as it is, since a plan can always be resumed. */
const GRACE_MS = 900;

/** How long the window that started it may take to come, in milliseconds. */
const WINDOW_MS = 2000;

/**
 * Carries out a plan as the one process that does, for windows that come and go. `tellStarter` learns whether it does.
 * Resolves when the plan is done or stopped, or is another's: then the process has to end, whatever still runs in it.
 */
export async function runAsServer(
  folder: string,
  carryOut: CarryOut,
  tellStarter: (start: RunnerStart) => void,
  windowMs = WINDOW_MS,
): Promise<void> {
  const abort = new AbortController();
  const stopped = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
  const stop = (): void => abort.abort();
  let ended = false;
  const file = path.join(folder, RUNNER_FILE);
  const own: RunnerFile = {
    format: 'anamnese-runner',
    version: 1,
    pid: process.pid,
    pipe: await newPipe(),
    token: randomBytes(16).toString('hex'),
  };
  const server = await PlanServer.listen(own.pipe, own.token, stop, () => performance.now());
  try {
    const standing = await claim(file, own, runnerKind);
    if (standing.pipe !== own.pipe) return tellStarter({ type: 'taken', pid: standing.pid });
    tellStarter({ type: 'ready', runner: own });
    await server.firstWindow(windowMs);
    // A system that shuts down ends the process too: then the claim stays, and the plan is offered to be resumed.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ((ended = true), stop()));
    const late = stopped.then(() => delay(GRACE_MS)).then((): RunnerEvent => STOPPED);
    const end = await Promise.race([ending(folder, carryOut, server, abort.signal), late]);
    // Before anybody hears of the end: whoever resumes at once must not find this one.
    if (!ended) await release(file, own, runnerKind);
    server.tell(end);
  } finally {
    await server.close();
    await removePipe(own.pipe);
  }
}

const STOPPED = { type: 'ended', reason: 'stopped' } as const;

async function ending(
  folder: string,
  carryOut: CarryOut,
  server: PlanServer,
  signal: AbortSignal,
): Promise<RunnerEvent> {
  if (signal.aborted) return STOPPED;
  try {
    await carryOut(folder, {
      signal,
      onEvent: (event) => server.tell(event),
      askEditor: (question, asking) => server.ask(question, asking),
    });
    return signal.aborted ? STOPPED : { type: 'ended', reason: 'finished' };
  } catch (error) {
    if (signal.aborted) return STOPPED;
    const message = error instanceof Error ? error.message : String(error);
    return { type: 'ended', reason: 'failed', message };
  }
}

const runnerKind = { parse: parseRunner, isAlive: answers };
