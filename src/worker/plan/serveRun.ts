import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import type { RunTaskHooks } from '../../node/experiments/carryOutRun';
import * as runs from '../../node/experiments/carryOutRun';
import { carryOutRun, runEvent } from '../../protocol/planRun';

/** Carries out the run that is asked for on a connection, telling what it does. */
export function serveRun(connection: MessageConnection, engine: Partial<RunTaskHooks> = {}): void {
  connection.onRequest(carryOutRun, async (task, token: CancellationToken) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const onEvent: RunTaskHooks['onEvent'] = (event) => connection.sendNotification(runEvent, event);
    try {
      return await runs.carryOutRun(task, { ...engine, onEvent, signal: abort.signal, ownProcess: true });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ResponseError(ErrorCodes.InternalError, message);
    }
  });
}
