// Carries out runs with an engine that blocks its thread for seconds, as a large encoder's does.
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { servePlanned } from '../../../src/worker/servePlanned';
import { openToy, ToyEngine } from '../training/toyEngine';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
servePlanned(connection, {
  createEngine: async (folder, options) => {
    const engine = ToyEngine.open(folder, options);
    engine.onCall = (call) => {
      if (options.seed === 13) process.kill(process.pid, 'SIGKILL');
      if (call === 'accumulate' && engine.updates >= 6) block(4000);
    };
    return engine;
  },
  openClassifier: openToy,
});
connection.listen();
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
