import assert from 'node:assert/strict';
import type { VectorArithmetic } from '../../../src/core/train/engine/parameters/vectorTasks';
import { buffersOf, inThisThread } from '../../../src/core/train/engine/parameters/vectorTasks';
import { engineFor, plans, stateOf } from './engineProbe';
import { learningRate, maxGradientNorm, optimiser, readTrainingOracle } from './trainingOracle';

/** As a thread that takes every vector, however short, and gives it back in another array. */
const away: VectorArithmetic = {
  compute: (tasks) => inThisThread.compute(structuredClone(tasks, { transfer: buffersOf(tasks) })),
  dispose: () => Promise.resolve(),
};

/** Several batches a step, predictions between steps, and what is then the state. */
async function learn(plan: (typeof plans)[number], arithmetic: VectorArithmetic, averageDecay?: number) {
  const { examples } = readTrainingOracle('bert');
  const more = {
    arithmetic,
    optimiser: { ...optimiser, ...(averageDecay !== undefined && { averageDecay }) },
  };
  const engine = await engineFor('bert', plan, 'cpu', more);
  const told: unknown[] = [];
  for (let step = 0; step < 3; step++) {
    for (const batch of [examples, examples.slice(1)]) told.push(await engine.accumulate(batch, step));
    told.push(await engine.update({ learningRate: learningRate(step), maxGradientNorm }));
    told.push(await engine.logits(examples.map(({ ids }) => ids)));
  }
  const state = await stateOf(engine);
  await engine.dispose();
  return { told, state };
}

describe('an engine whose vectors change hands in every update', () => {
  for (const plan of plans)
    for (const averageDecay of [undefined, 0.9])
      it(`learns the same, bit by bit: ${plan}${averageDecay ? ', with averages' : ''}`, async () => {
        assert.deepEqual(
          await learn(plan, away, averageDecay),
          await learn(plan, inThisThread, averageDecay),
        );
      });
});
