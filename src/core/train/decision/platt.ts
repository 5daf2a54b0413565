import type { Calibration } from '../../predict/calibration';

/** The pair of a label: probability = sigmoid(a z + b). */
export interface PlattPair {
  readonly a: number;
  readonly b: number;
}

/** How strongly log a and b are drawn to 0, that is a to 1, where evidence is thin. */
const STRENGTH = 3;
const ITERATIONS = 100;
/** Newton's steps are done when they gain less than this share of the loss. */
const TOLERANCE = 1e-12;

/** One pair an output, fitted on row-major logits and truth `[rows, outputs]`. */
export function fitCalibration(logits: Float32Array, truth: Uint8Array, outputs: number): Calibration {
  const pairs = Array.from({ length: outputs }, (_, output) => {
    const column = <T extends Float32Array | Uint8Array>(values: T): T =>
      values.filter((_, i) => i % outputs === output) as T;
    return fitPlatt(column(logits), column(truth));
  });
  return { a: pairs.map(({ a }) => a), b: pairs.map(({ b }) => b) };
}

/**
 * Platt scaling (Platt 1999) as a penalised logistic regression in (log a, b): minimises
 * Σ BCE(sigmoid(a z + b), y) + 3 (log² a + b²). The scale stays positive, so the order of scores stays.
 */
export function fitPlatt(logits: ArrayLike<number>, truth: ArrayLike<number>): PlattPair {
  let [logA, b] = [0, 0];
  let loss = lossAt(logits, truth, logA, b);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const [stepA, stepB] = newtonStep(logits, truth, logA, b);
    let size = 1;
    let next = lossAt(logits, truth, logA - stepA, b - stepB);
    while (!(next <= loss) && size > 1e-10) {
      size /= 2;
      next = lossAt(logits, truth, logA - size * stepA, b - size * stepB);
    }
    if (!(next <= loss)) break;
    [logA, b] = [logA - size * stepA, b - size * stepB];
    const gain = loss - next;
    loss = next;
    if (gain <= TOLERANCE * Math.abs(loss)) break;
  }
  return { a: Math.exp(logA), b };
}

function lossAt(logits: ArrayLike<number>, truth: ArrayLike<number>, logA: number, b: number): number {
  const a = Math.exp(logA);
  let sum = STRENGTH * (logA * logA + b * b);
  for (let i = 0; i < logits.length; i++) {
    const z = a * logits[i]! + b;
    // log(1 + e^z) - y z without overflow.
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - truth[i]! * z;
  }
  return sum;
}

/** Hessian⁻¹ · gradient; with Gauss and Newton's part of the Hessian alone where the whole is not positive. */
function newtonStep(
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  logA: number,
  b: number,
): [number, number] {
  const a = Math.exp(logA);
  let [gradientA, gradientB] = [2 * STRENGTH * logA, 2 * STRENGTH * b];
  let [aa, ab, bb, curvature] = [2 * STRENGTH, 0, 2 * STRENGTH, 0];
  for (let i = 0; i < logits.length; i++) {
    const slope = a * logits[i]!;
    const p = 1 / (1 + Math.exp(-slope - b));
    const [error, weight] = [p - truth[i]!, p * (1 - p)];
    gradientA += error * slope;
    gradientB += error;
    aa += weight * slope * slope;
    ab += weight * slope;
    bb += weight;
    curvature += error * slope;
  }
  const whole = aa + curvature;
  const first = whole > 0 && whole * bb - ab * ab > 0 ? whole : aa;
  const determinant = first * bb - ab * ab;
  return [
    (bb * gradientA - ab * gradientB) / determinant,
    (first * gradientB - ab * gradientA) / determinant,
  ];
}
