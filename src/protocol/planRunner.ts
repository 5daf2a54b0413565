import { NotificationType, RequestType } from 'vscode-jsonrpc/lib/common/messages';
import type { EditorQuestion, WindowAnswer } from '../core/llm/editorModels';
import type { PlanState, RunnerEvent } from '../core/experiments/planState';

/**
 * The whole contract with the process that carries out a plan. It belongs to no window: any number of them find it by
 * `runner.json` in the plan's folder, connect to its pipe, and are told the state as it is and every event from then on.
 */

export const RUNNER_FILE = 'runner.json';
export const RUNNER_LOG = 'runner.log';

/** The variable that tells the process, with commas, the hosts that somebody agreed to send the words of notes to. */
export const AGREED_HOSTS = 'ANAMNESE_SEND_NOTES_TO';
/** The variables that hold the keys of the providers' own servers, and the one for all others. */
export const KEY_NAMES = ['OPENAI_API_KEY', 'GEMINI_API_KEY', 'ANAMNESE_LLM_KEY'] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** `runner.json`: there while a process carries out the plan, and left behind by one that was ended from outside. */
export interface RunnerFile {
  readonly format: 'anamnese-runner';
  readonly version: 1;
  readonly pid: number;
  /** A named pipe of Windows, or the path of a socket. */
  readonly pipe: string;
  /** What a window must know to be heard: others may reach the pipe. */
  readonly token: string;
}

/** No other place is connected to, whatever a file says. */
const PIPE = /^\\\\\.\\pipe\\anamnese-[0-9a-f]+$|[\\/]anamnese-\w+[\\/]plan$/;

/** What runner.json says, undefined where it is none or only half of one. (By hand, since the editor loads it at its start.) */
export function parseRunner(text: string): RunnerFile | undefined {
  try {
    const { format, version, pid, pipe, token } = JSON.parse(text) as Partial<RunnerFile>;
    const isWhole = format === 'anamnese-runner' && version === 1 && Number.isInteger(pid);
    if (!isWhole || typeof pipe !== 'string' || !PIPE.test(pipe) || typeof token !== 'string')
      return undefined;
    return { format, version, pid: pid!, pipe, token };
  } catch {
    return undefined;
  }
}

/** A state, and the milliseconds of the process's clock that it counts in. */
export interface TimedState {
  readonly state: PlanState;
  readonly now: number;
}

/**
 * The first request of a window; a wrong token ends the connection. `asks`: it answers `askEditor`.
 */
export const subscribe = new RequestType<{ token: string; asks?: boolean }, TimedState, void>(
  'plan/subscribe',
);

/** The process asks a window to ask a language model of VS Code's; cancelling the request gives it up. */
export const askEditor = new RequestType<EditorQuestion, WindowAnswer, void>('plan/askEditor');

/**
 * Steps come a few times a second at most; everything else as it happens. `at` is of the process's clock. A window that is
 * told `ended` ends the connection: nothing follows.
 */
export const planEvent = new NotificationType<{ event: RunnerEvent; at: number }>('plan/event');

/** Stops between two steps; the plan can be resumed. Answered at once, `ended` follows within a second. */
export const stopPlan = new RequestType<null, null, void>('plan/stop');

/** What the process tells the one that started it, once, over its IPC channel. */
export type RunnerStart =
  | { readonly type: 'ready'; readonly runner: RunnerFile }
  /** Another process carries out this plan. */
  | { readonly type: 'taken'; readonly pid: number }
  | { readonly type: 'failed'; readonly message: string };
