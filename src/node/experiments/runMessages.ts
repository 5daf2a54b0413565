import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { RunOutcome, RunTask, RunTaskEvent } from './runTask';

/** The contract with a process that carries out one run of a plan; cancelling the request stops it. */
export const carryOutPlanned = new RequestType<RunTask, RunOutcome, void>('experiments/run');

export const plannedEvent = new NotificationType<RunTaskEvent>('experiments/event');
