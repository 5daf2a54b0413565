import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { MessageConnection } from 'vscode-jsonrpc/node';

/** A running worker with its connection. */
export interface WorkerProcess {
  readonly connection: MessageConnection;
  readonly pid: number | undefined;
  dispose(): void;
}

/** How a worker ended on its own. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * Starts the worker bundle in a process of its own. `onExit` is told when it ends without having been disposed.
 * Its output goes to `onOutput` line by line; the worker writes nothing of a note there. What speaks to processes is
 * loaded with the first one: an editor without notes does without. None is started once `signal` is aborted.
 */
export async function startWorker(
  bundle: string,
  onExit: (exit: WorkerExit) => void,
  onOutput: (line: string) => void,
  signal?: AbortSignal,
): Promise<WorkerProcess> {
  const { createMessageConnection, IPCMessageReader, IPCMessageWriter } = await import('./connections');
  signal?.throwIfAborted();
  const child = fork(bundle, [], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  let disposed = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onOutput(text.trimEnd()));
  }
  const ended = (exit: WorkerExit): void => {
    if (disposed) return;
    disposed = true;
    connection.dispose();
    onExit(exit);
  };
  child.on('error', (error) => (onOutput(error.message), ended({ code: null, signal: null })));
  child.on('exit', (code, signal) => ended({ code, signal }));
  connection.onError(([error]) => onOutput(error.message));
  connection.listen();
  return { connection, pid: child.pid, dispose: () => ((disposed = true), stop(child, connection)) };
}

function stop(child: ChildProcess, connection: MessageConnection): void {
  connection.dispose();
  child.kill();
}
