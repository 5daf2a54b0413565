// Pre-training in a process of its own, to be killed anywhere: node --import tsx killedPretraining.ts FOLDER OUT
import { pretrain } from '../../../src/node/training/pretrain';
import { toyPretraining } from './toyRun';

const [folder, out] = process.argv.slice(2) as [string, string];

void pretrain(toyPretraining(folder, out), {
  onEvent: ({ type }) => void process.stdout.write(`${type}\n`),
  savingShare: 1,
});
