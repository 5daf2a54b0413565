// Trains a tiny encoder on WebGPU in a process of its own: node --import tsx webgpuRun.ts NAME PLAN TASK
import { exit } from 'node:process';
import type { StateTensor, TrainingEngine } from '../../../src/core/train/engine';
import type { Deviation } from './engineProbe';
import { deviations, dropping, engineFor, stateOf } from './engineProbe';
import { maskedLosses } from './maskedOracle';
import { learningRate, maxGradientNorm, readTrainingOracle } from './trainingOracle';

/** What the parent looks at; each takes compiling the encoder's graphs again, so it is done for one encoder only. */
export interface WebgpuReport {
  readonly deviations?: readonly Deviation[];
  /** With dropout. */
  readonly loss?: number;
  /** Whether a state that was taken up is the same when it is asked for again. */
  readonly restored?: boolean;
  /** Of two steps of masked language modelling. */
  readonly losses?: readonly number[];
}

const tasks = {
  steps: async (name: string, plan: TrainingEngine['plan']) => ({
    deviations: await deviations(name, plan, 'webgpu', { steps: 2 }),
  }),
  async state(name: string, plan: TrainingEngine['plan']) {
    const engine = await engineFor(name, plan, 'webgpu', dropping);
    const loss = await engine.accumulate(readTrainingOracle(name).examples, 1);
    await engine.update({ learningRate: learningRate(0), maxGradientNorm });
    const state = await stateOf(engine);
    await engine.dispose();
    return { loss, restored: await isRestored(name, plan, state) };
  },
  masked: async (name: string, plan: TrainingEngine['plan']) => ({
    losses: await maskedLosses(name, plan, 'webgpu', 2),
  }),
};

async function isRestored(
  name: string,
  plan: TrainingEngine['plan'],
  state: Map<string, StateTensor>,
): Promise<boolean> {
  const engine = await engineFor(name, plan, 'webgpu', { ...dropping, seed: 9 });
  async function* tensors(): AsyncGenerator<StateTensor> {
    yield* state.values();
  }
  await engine.restore(tensors(), 1);
  const again = await stateOf(engine);
  await engine.dispose();
  return [...state].every(([key, { values }]) => String(again.get(key)!.values) === String(values));
}

const [name, plan, task] = process.argv.slice(2) as [string, TrainingEngine['plan'], keyof typeof tasks];
void tasks[task](name, plan).then((found: WebgpuReport) => {
  process.stdout.write(`${JSON.stringify(found)}\n`, () => exit(0));
});
