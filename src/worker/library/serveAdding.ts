import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import { HubError } from '../../core/library/hubError';
import type { TransferProgress } from '../../core/library/transfer';
import { connectToHub } from '../../node/hub/connection';
import { fetchEncoder } from '../../node/hub/fetchEncoder';
import { addFolder } from '../../node/library/addFolder';
import type { Added, AddOrder, HubFailure } from '../../protocol/library';
import { addEncoder, addProgress } from '../../protocol/library';

/** Milliseconds between two messages about progress: a fast network brings thousands of pieces a second. */
const APART_MS = 200;

/** Adds the encoder that is asked for, telling how far it is. */
export function serveAdding(connection: MessageConnection): void {
  connection.onRequest(addEncoder, async (order: AddOrder, token: CancellationToken) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const tell = spaced(
      (progress: TransferProgress) => void connection.sendNotification(addProgress, progress),
    );
    try {
      return await add(order, abort.signal, tell);
    } catch (error) {
      if (abort.signal.aborted) throw new ResponseError(-32800, 'stopped');
      throw refusal(error);
    }
  });
}

async function add(
  order: AddOrder,
  signal: AbortSignal,
  tell: (progress: TransferProgress) => void,
): Promise<Added> {
  if (order.kind === 'folder')
    return { folder: await addFolder(order.library, order.folder), fetchedBytes: 0 };
  const hub = connectToHub({ ...order, signal });
  try {
    const { folder, fetchedBytes } = await fetchEncoder(hub, order, order.library, tell);
    return { folder, fetchedBytes };
  } finally {
    await hub.close();
  }
}

/** The first and the last, and between them one now and then. */
function spaced(tell: (progress: TransferProgress) => void): (progress: TransferProgress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < APART_MS && progress.doneBytes < progress.totalBytes) return;
    last = now;
    tell(progress);
  };
}

function refusal(error: unknown): ResponseError<HubFailure> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof HubError)) return new ResponseError(ErrorCodes.InternalError, message);
  const { problem, parts } = error;
  return new ResponseError(ErrorCodes.InternalError, message, { problem, ...parts });
}
