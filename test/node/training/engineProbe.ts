import type { Device } from '../../../src/core/ports';
import type {
  DropoutRates,
  OptimiserOptions,
  StateTensor,
  TrainingEngine,
} from '../../../src/core/train/engine';
import type { TrainingEngineOptions } from '../../../src/node/training/engineFactory';
import { createTrainingEngine } from '../../../src/node/training/engineFactory';
import { encoderPath } from '../oracleEncoders';
import {
  learningRate,
  maxGradientNorm,
  optimiser,
  readTrainingOracle,
  relativeError,
} from './trainingOracle';

export const labels = ['O', 'Problema', 'Teste', 'Tratamento', 'Anatomia'];
export const plans = ['whole-graph', 'layer-by-layer'] as const;
/** With gradients and steps that PyTorch computed. */
export const oracleNames = ['bert', 'bert-gelu-new', 'modernbert', 'modernbert-biased'] as const;

export const noDropout: DropoutRates = { embeddings: 0, attention: 0, hidden: 0, classifier: 0 };
/** A softmax does not change when all its scores do: the gradient is rounding error, which Adam scales up. */
const withoutGradient = /attention\.self\.key\.bias/;

/** One of the tiny encoders, ready to learn what PyTorch was taught. */
export async function engineFor(
  name: string,
  plan: TrainingEngine['plan'],
  device: Device,
  more: Partial<TrainingEngineOptions> = {},
): Promise<TrainingEngine> {
  return createTrainingEngine(encoderPath(name), {
    device,
    labels,
    optimiser,
    dropout: noDropout,
    positiveWeights: readTrainingOracle(name).positiveWeights,
    seed: 1,
    plan,
    threads: 1,
    ...more,
  });
}

/** The tensors of a state, by name and kind, as they are now. */
export async function stateOf(engine: TrainingEngine): Promise<Map<string, StateTensor>> {
  const tensors = new Map<string, StateTensor>();
  for await (const tensor of engine.state())
    tensors.set(`${tensor.name} ${tensor.kind}`, { ...tensor, values: tensor.values.slice() });
  return tensors;
}

export interface Deviation {
  readonly what: string;
  /** Relative to the largest magnitude of what PyTorch has. */
  readonly error: number;
}

/** Without a memory of earlier gradients, the mean that an update leaves is the gradient. */
const forgetful: OptimiserOptions = { ...optimiser, beta1: 0 };

/** How far the loss and every gradient of the first step are from PyTorch's. */
export async function gradientDeviations(name: string, plan: TrainingEngine['plan'], device: Device) {
  const oracle = readTrainingOracle(name);
  const engine = await engineFor(name, plan, device, { optimiser: forgetful });
  const loss = await engine.accumulate(oracle.examples, 0);
  await engine.update({ learningRate: 1e-3, maxGradientNorm: Infinity });
  const state = await stateOf(engine);
  await engine.dispose();
  const found: Deviation[] = [{ what: 'loss', error: Math.abs(loss / oracle.losses[0]! - 1) }];
  for (const weight of oracle.names.filter((key) => !withoutGradient.test(key)))
    found.push({
      what: `gradient of ${weight}`,
      error: relativeError(state.get(`${weight} mean`)!.values, oracle.gradient(weight)),
    });
  return found;
}

/** How far losses, gradient norms and final weights of so many steps are from PyTorch's, who takes ten. */
export async function stepDeviations(name: string, plan: TrainingEngine['plan'], device: Device, steps = 10) {
  const oracle = readTrainingOracle(name);
  const engine = await engineFor(name, plan, device);
  const found: Deviation[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = await engine.accumulate(oracle.examples, step);
    const norm = await engine.update({ learningRate: learningRate(step), maxGradientNorm });
    found.push({ what: `loss ${step}`, error: Math.abs(loss / oracle.losses[step]! - 1) });
    found.push({ what: `norm ${step}`, error: Math.abs(norm / oracle.norms[step]! - 1) });
  }
  const state = steps === oracle.losses.length ? await stateOf(engine) : undefined;
  await engine.dispose();
  for (const weight of state ? oracle.names.filter((key) => !withoutGradient.test(key)) : [])
    found.push({
      what: weight,
      error: relativeError(state!.get(`${weight} weight`)!.values, oracle.final(weight)),
    });
  return found;
}

/** Losses of three steps, and the weights after them. */
export async function learnThreeSteps(engine: TrainingEngine, name: string, from = 0) {
  const { examples } = readTrainingOracle(name);
  const losses: number[] = [];
  for (let step = from; step < from + 3; step++) {
    // A step of two batches of different lengths.
    const first = await engine.accumulate(examples.slice(0, 1), 100 * step);
    losses.push(first + (await engine.accumulate(examples.slice(1), 100 * step + 1)));
    await engine.update({ learningRate: learningRate(step), maxGradientNorm });
  }
  return { losses, state: await stateOf(engine) };
}
