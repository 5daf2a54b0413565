import type { OptimiserOptions, ParameterOptions } from '../../engine';

/** One tensor's weights and what AdamW remembers of their gradients; all of one length. */
export interface Moments {
  readonly weight: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** What is the same for every element of a tensor in one update. */
export interface AdamWStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** The learning rate over the bias correction of the mean. */
  readonly stepSize: number;
  /** The square root of the bias correction of the variance. */
  readonly varianceScale: number;
  /** What decay leaves of a weight. */
  readonly keep: number;
  /** Multiplies the gradient first, to clip it. */
  readonly gradientScale: number;
}

/**
 * The constants of update number `update`, counted from 1 (Loshchilov & Hutter 2019, as PyTorch's AdamW computes it).
 * @param learningRate before the tensor's own factor
 */
export function adamWStep(
  { beta1, beta2, epsilon }: OptimiserOptions,
  { rate, decay }: ParameterOptions,
  { update, learningRate, gradientScale }: { update: number; learningRate: number; gradientScale: number },
): AdamWStep {
  const own = learningRate * rate;
  return {
    beta1,
    beta2,
    epsilon,
    stepSize: own / (1 - beta1 ** update),
    varianceScale: Math.sqrt(1 - beta2 ** update),
    keep: 1 - own * decay,
    gradientScale,
  };
}

/** Whether a weight moves at all: one that is frozen has no part in the gradient's norm, as in PyTorch. */
export function learns({ parameter }: OptimiserOptions, name: string): boolean {
  return parameter(name).rate > 0;
}

/** Moves weights in place by their gradient, from element `start` to before `end`. */
export function moveWeights(
  { weight, mean, variance }: Moments,
  gradient: Float32Array,
  step: AdamWStep,
  start = 0,
  end = weight.length,
): void {
  const { beta1, beta2, epsilon, stepSize, varianceScale, keep, gradientScale } = step;
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  for (let i = start; i < end; i++) {
    const g = gradient[i]! * gradientScale;
    const m = beta1 * mean[i]! + rest1 * g;
    const v = beta2 * variance[i]! + rest2 * g * g;
    mean[i] = m;
    variance[i] = v;
    weight[i] = weight[i]! * keep - (stepSize * m) / (Math.sqrt(v) / varianceScale + epsilon);
  }
}

/** Moves a running average in place: average = decay · average + (1 - decay) · weight. */
export function moveAverage(average: Float32Array, weight: Float32Array, decay: number): void {
  for (let i = 0; i < average.length; i++) average[i] = weight[i]! + decay * (average[i]! - weight[i]!);
}

/** Decay of an average that has seen `updates`: shorter at first, so that the start is soon forgotten. */
export function averageDecay(decay: number, updates: number): number {
  return Math.min(decay, (1 + updates) / (10 + updates));
}

/** Σ x². */
export function squaredNorm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** sum += values, in place. */
export function addInto(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
}
