// A run of the toy in a process of its own, slow enough to be killed anywhere: node --import tsx killedRun.ts FOLDER OUT
import { fineTune } from '../../../src/node/training/fineTune';
import { openToy, ToyEngine } from './toyEngine';
import { toyJob } from './toyRun';

const [folder, out] = process.argv.slice(2) as [string, string];

void fineTune(toyJob(folder, out), {
  onEvent: ({ type }) => void process.stdout.write(`${type}\n`),
  createEngine: async (encoder, options) => {
    const engine = ToyEngine.open(encoder, options);
    engine.onCall = (call) =>
      call === 'state' ? undefined : new Promise((resolve) => setTimeout(resolve, 10));
    return engine;
  },
  openClassifier: openToy,
  savingShare: 1,
});
