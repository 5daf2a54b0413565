import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import type { TrainingJob } from '../core/train/settings/jobs';
import type { RunEvent, RunResult } from '../core/train/loop/runEvents';
import { runTraining, trainingEvent } from '../node/training/trainingMessages';

export interface JobHooks {
  onEvent(event: RunEvent): Promise<void>;
  readonly signal: AbortSignal;
}

/** Runs the job that is asked for on a connection, telling what it does. */
export function serveTraining(
  connection: MessageConnection,
  runJob: (job: TrainingJob, hooks: JobHooks) => Promise<RunResult>,
): void {
  connection.onRequest(runTraining, async (job: TrainingJob, token: CancellationToken) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const onEvent = (event: RunEvent): Promise<void> => connection.sendNotification(trainingEvent, event);
    try {
      return await runJob(job, { onEvent, signal: abort.signal });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ResponseError(ErrorCodes.InternalError, message);
    }
  });
}
