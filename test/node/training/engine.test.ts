import assert from 'node:assert/strict';
import type { Device } from '../../../src/core/ports';
import type { StateTensor, TrainingEngine } from '../../../src/core/train/engine';
import { createTrainingEngine } from '../../../src/node/training/engineFactory';
import { encoderPath } from '../oracleEncoders';
import {
  learningRate,
  maxGradientNorm,
  optimiser,
  readTrainingOracle,
  relativeError,
} from './trainingOracle';

const labels = ['O', 'Problema', 'Teste', 'Tratamento', 'Anatomia'];
const dropout = { embeddings: 0, attention: 0, hidden: 0, classifier: 0 };
/** A softmax does not change when all its scores do: the gradient is rounding error, which Adam scales up. */
const withoutGradient = /attention\.self\.key\.bias/;
const plans = ['whole-graph', 'layer-by-layer'] as const;

const device = (process.env['ANAMNESE_TEST_DEVICE'] ?? 'cpu') as Device;

async function engineFor(name: string, plan: TrainingEngine['plan'], rates = dropout, averageDecay?: number) {
  return createTrainingEngine(encoderPath(name), {
    device,
    labels,
    optimiser: averageDecay === undefined ? optimiser : { ...optimiser, averageDecay },
    dropout: rates,
    positiveWeights: readTrainingOracle(name).positiveWeights,
    seed: 1,
    plan,
    threads: 1,
  });
}

async function stateOf(engine: TrainingEngine): Promise<Map<string, StateTensor>> {
  const tensors = new Map<string, StateTensor>();
  for await (const tensor of engine.state())
    tensors.set(`${tensor.name} ${tensor.kind}`, { ...tensor, values: tensor.values.slice() });
  return tensors;
}

describe('training beside PyTorch', () => {
  for (const name of ['bert', 'bert-gelu-new', 'modernbert', 'modernbert-biased']) {
    for (const plan of plans) {
      it(`${name}, ${plan}: ten losses, gradient norms and the final weights`, async () => {
        const oracle = readTrainingOracle(name);
        const engine = await engineFor(name, plan);
        for (let step = 0; step < oracle.losses.length; step++) {
          const loss = await engine.accumulate(oracle.examples, step);
          const norm = await engine.update({ learningRate: learningRate(step), maxGradientNorm });
          assert.ok(
            Math.abs(loss - oracle.losses[step]!) < 1e-4 * oracle.losses[step]!,
            `loss ${step}: ${loss}`,
          );
          assert.ok(
            Math.abs(norm - oracle.norms[step]!) < 1e-3 * oracle.norms[step]!,
            `norm ${step}: ${norm}`,
          );
        }
        const state = await stateOf(engine);
        for (const weight of oracle.names.filter((key) => !withoutGradient.test(key))) {
          const error = relativeError(state.get(`${weight} weight`)!.values, oracle.final(weight));
          assert.ok(error < 1e-3, `${weight}: ${error}`);
        }
        await engine.dispose();
      });
    }
  }
});
