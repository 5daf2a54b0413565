// A trainer whose engine blocks its thread for seconds, as a large encoder's does.
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { FineTuneJob } from '../../../src/core/train/settings/jobs';
import { fineTune } from '../../../src/node/training/fineTune';
import { serveTraining } from '../../../src/worker/serveTraining';
import { openToy, ToyEngine } from '../../node/training/toyEngine';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serveTraining(connection, (job, hooks) =>
  fineTune(job as FineTuneJob, {
    ...hooks,
    createEngine: async (folder, options) => {
      const engine = ToyEngine.open(folder, options);
      engine.onCall = (call) => {
        if (job.seed === 13) process.kill(process.pid, 'SIGKILL');
        if (call === 'accumulate' && engine.updates >= 12) block({ 4: 4000, 5: 400 }[job.seed] ?? 5);
      };
      return engine;
    },
    openClassifier: openToy,
  }),
);
connection.listen();
process.on('SIGINT', () => undefined);

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
