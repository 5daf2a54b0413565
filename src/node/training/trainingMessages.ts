import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { TrainingJob } from '../../core/train/settings/jobs';
import type { RunEvent, RunResult } from '../../core/train/loop/runEvents';

/**
 * The whole contract with the process that trains. One job a process; cancelling the request stops it between two
 * batches. A run whose process ends in any other way is taken up by the same job in another one.
 */
export const runTraining = new RequestType<TrainingJob, RunResult, void>('training/run');

/** What the run does, but for its result. */
export const trainingEvent = new NotificationType<RunEvent>('training/event');
