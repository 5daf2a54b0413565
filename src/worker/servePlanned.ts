import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import type { RunTask, RunTaskHooks } from '../node/experiments/carryOutRun';
import { carryOutRun } from '../node/experiments/carryOutRun';
import { sendWithSignal } from '../node/cancellation';
import { askWindow, carryOutPlanned, plannedEvent } from '../node/experiments/runMessages';

/** Carries out the run of a plan that is asked for on a connection, in a process that does nothing else. */
export function servePlanned(connection: MessageConnection, testHooks: Partial<RunTaskHooks> = {}): void {
  connection.onRequest(carryOutPlanned, async (task: RunTask, token: CancellationToken) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      return await carryOutRun(task, {
        onEvent: (event) => connection.sendNotification(plannedEvent, event),
        signal: abort.signal,
        askEditor: (question, signal) => sendWithSignal(connection, askWindow, question, signal),
        ownProcess: true,
        ...testHooks,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ResponseError(ErrorCodes.InternalError, message);
    }
  });
}
