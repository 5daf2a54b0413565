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
  /** The learning rate over the bias correction of the mean, times the root of the variance's. */
  readonly stepSize: number;
  /** Added to the root of the variance; times the root of the variance's bias correction. */
  readonly epsilon: number;
  /** What decay leaves of a weight. */
  readonly keep: number;
  /** Multiplies the gradient first, to clip it. */
  readonly gradientScale: number;
}

/**
 * The constants of update number `update`, counted from 1 (Loshchilov & Hutter 2019, as PyTorch's AdamW computes it, but
 * that the quotient's two sides are multiplied by the root of the variance's bias correction: one division is left).
 * @param learningRate before the tensor's own factor
 */
export function adamWStep(
  { beta1, beta2, epsilon }: OptimiserOptions,
  { rate, decay }: ParameterOptions,
  { update, learningRate, gradientScale }: { update: number; learningRate: number; gradientScale: number },
): AdamWStep {
  const own = learningRate * rate;
  const root = Math.sqrt(1 - beta2 ** update);
  return {
    beta1,
    beta2,
    stepSize: (own * root) / (1 - beta1 ** update),
    epsilon: epsilon * root,
    keep: 1 - own * decay,
    gradientScale,
  };
}

/** Whether a weight moves at all: one that is frozen has no part in the gradient's norm, as in PyTorch. */
export function learns({ parameter }: OptimiserOptions, name: string): boolean {
  return parameter(name).rate > 0;
}

/** Moves weights in place by their gradient. */
export function moveWeights(
  { weight, mean, variance }: Moments,
  gradient: Float32Array,
  step: AdamWStep,
): void {
  const { beta1, beta2, stepSize, epsilon, keep, gradientScale } = step;
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < weight.length; i++) {
    const g = gradient[i]! * gradientScale;
    const m = beta1 * mean[i]! + rest1 * g;
    const v = beta2 * variance[i]! + rest2 * g * g;
    mean[i] = m;
    variance[i] = v;
    weight[i] = weight[i]! * keep - (stepSize * m) / (Math.sqrt(v) + epsilon);
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

/** Σ x², in four sums that do not wait for each other. */
export function squaredNorm(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = values.length & ~3;
  for (let i = 0; i < end; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = end; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}

/** sum += values, in place. */
export function addInto(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
}
