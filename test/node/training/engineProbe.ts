import type { Device } from '../../../src/core/ports';
import type { DropoutRates, StateTensor, TrainingEngine } from '../../../src/core/train/engine';
import type { TrainingEngineOptions } from '../../../src/node/training/engineFactory';
import { createTrainingEngine } from '../../../src/node/training/engineFactory';
import { encoderPath } from '../oracleEncoders';
import type { TrainingOracle } from './trainingOracle';
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
/** With dropout in every place. */
export const dropping = { dropout: { embeddings: 0.1, attention: 0.2, hidden: 0.1, classifier: 0.3 } };
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

/**
 * How far losses, gradient norms, the gradient of every weight in the first step and the weights after the last are
 * from PyTorch's.
 * @param steps ten, after which the weights are known, or fewer
 * @param apart whether the texts, of different lengths, stand one after another instead of being padded
 */
export async function deviations(
  name: string,
  plan: TrainingEngine['plan'],
  device: Device,
  { steps = 10, apart = false } = {},
): Promise<Deviation[]> {
  const oracle = readTrainingOracle(name);
  const engine = await engineFor(name, plan, device, { textsApart: apart ? oracle.examples.length : 0 });
  const found: Deviation[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = await engine.accumulate(oracle.examples, step);
    const norm = await engine.update({ learningRate: learningRate(step), maxGradientNorm });
    found.push({ what: `loss ${step}`, error: Math.abs(loss / oracle.losses[step]! - 1) });
    found.push({ what: `norm ${step}`, error: Math.abs(norm / oracle.norms[step]! - 1) });
    if (step === 0) found.push(...gradientDeviations(oracle, norm, await stateOf(engine)));
  }
  const state = await stateOf(engine);
  await engine.dispose();
  for (const weight of steps === oracle.losses.length ? withGradient(oracle) : [])
    found.push({
      what: weight,
      error: relativeError(state.get(`${weight} weight`)!.values, oracle.final(weight)),
    });
  return found;
}

/** The mean that the first update leaves is a share of the gradient, clipped. */
function gradientDeviations(
  oracle: TrainingOracle,
  norm: number,
  state: Map<string, StateTensor>,
): Deviation[] {
  const share = (1 - optimiser.beta1) * Math.min(1, maxGradientNorm / (norm + 1e-6));
  return withGradient(oracle).map((weight) => {
    const gradient = state.get(`${weight} mean`)!.values.map((mean) => mean / share);
    return { what: `gradient of ${weight}`, error: relativeError(gradient, oracle.gradient(weight)) };
  });
}

const withGradient = ({ names }: TrainingOracle) => names.filter((name) => !withoutGradient.test(name));

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
