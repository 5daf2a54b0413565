import { connect } from 'node:net';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { RunnerFile } from '../../protocol/experiments';
import { subscribe } from '../../protocol/experiments';

/** A process that lives answers sooner, even on a machine that is busy. */
const ANSWER_MS = 3000;

/** Whether the process that a plan's `runner.json` speaks of lives: a number may be another process's by now, a pipe not. */
export async function answers({ pipe, token }: RunnerFile): Promise<boolean> {
  const socket = connect(pipe);
  const late = setTimeout(() => socket.destroy(), ANSWER_MS);
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  const gone = new Promise<boolean>((resolve) => {
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
  connection.onError(() => undefined);
  connection.listen();
  try {
    const asked = connection.sendRequest(subscribe, { token }).then(
      () => true,
      () => false,
    );
    return await Promise.race([asked, gone]);
  } finally {
    clearTimeout(late);
    connection.dispose();
    socket.destroy();
  }
}
