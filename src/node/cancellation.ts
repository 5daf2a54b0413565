import type { CancellationToken, MessageConnection, RequestType } from 'vscode-jsonrpc';
import { CancellationTokenSource } from 'vscode-jsonrpc';

/** Asks on a connection; a signal that is aborted cancels the request. */
export async function sendWithSignal<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, void>,
  params: P,
  signal: AbortSignal,
): Promise<R> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await connection.sendRequest(type, params, source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}

/** A request's cancellation as a signal. */
export function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
