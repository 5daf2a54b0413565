import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { RunnerFile } from '../../protocol/planRunner';
import { subscribe } from '../../protocol/planRunner';

/** A process that lives answers sooner, even on a machine that is busy. */
const ANSWER_MS = 3000;

/** Whether the process that a plan's `runner.json` speaks of lives: a number may be another process's by now, a pipe not. */
export async function answers({ pipe, token }: RunnerFile): Promise<boolean> {
  const socket = connect(pipe);
  const late = setTimeout(() => socket.destroy(), ANSWER_MS);
  const gone = new Promise<false>((resolve) => socket.on('close', () => resolve(false)));
  const there = new Promise<true>((resolve) => socket.on('connect', () => resolve(true)));
  socket.on('error', () => undefined);
  try {
    return (await Promise.race([there, gone])) && (await Promise.race([isKnown(socket, token), gone]));
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
}

async function isKnown(socket: Socket, token: string): Promise<boolean> {
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  connection.onError(() => undefined);
  connection.listen();
  return connection.sendRequest(subscribe, { token }).then(
    () => true,
    () => false,
  );
}
