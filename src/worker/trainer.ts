import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { fineTune } from '../node/training/fineTune';
import { pretrain } from '../node/training/pretrain';
import { servePlanned } from './servePlanned';
import { serveTraining } from './serveTraining';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serveTraining(connection, (job, hooks) =>
  job.task === 'train' ? fineTune(job, hooks) : pretrain(job, hooks),
);
servePlanned(connection);
connection.listen();
// A Ctrl-C reaches every process of the terminal; what to do about it is decided by the one that started this one.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
