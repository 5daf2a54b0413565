import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Checkpoint } from '../../../src/core/encoder/checkpoint';
import type { TrainingExample } from '../../../src/core/train/engine';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import { encoderPath } from '../oracleEncoders';

const folder = path.join(import.meta.dirname, '..', '..', 'oracles', 'training');

/** What PyTorch computes while it trains a tiny encoder: see test/oracles/make_training.py. */
export interface TrainingOracle {
  readonly examples: readonly TrainingExample[];
  readonly positiveWeights: readonly number[];
  /** Before each of ten updates. */
  readonly losses: Float32Array;
  readonly norms: Float32Array;
  /** By published name, less the model's prefix. */
  gradient(name: string): Float32Array;
  final(name: string): Float32Array;
  readonly names: readonly string[];
}

export const optimiser = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  parameter: () => ({ rate: 1, decay: 0.1 }),
};
export const learningRate = (step: number): number => 5e-3 * (1 - step / 10);
export const maxGradientNorm = 1;

export function readTrainingOracle(name: string): TrainingOracle {
  const file = openSafetensors(path.join(folder, `${name}.safetensors`));
  const floats = (key: string) => new Float32Array(bytes(file, key).buffer);
  const ids = new Int32Array(bytes(file, 'ids').buffer);
  const [rows, length] = file.tensors.get('ids')!.shape as [number, number];
  const outputs = file.tensors.get('positive')!.shape[0]!;
  const [targets, weights] = [bytes(file, 'targets'), floats('weights')];
  const examples = textLengths(name).map((own, row): TrainingExample => {
    const [start, end] = [row * length, row * length + own];
    return {
      ids: ids.slice(start, end),
      targets: targets.slice(start * outputs, end * outputs),
      weights: weights.slice(start, end),
    };
  });
  if (examples.length !== rows) throw new Error(`${name}: ${rows} texts expected`);
  return {
    examples,
    positiveWeights: [...floats('positive')],
    losses: floats('losses'),
    norms: floats('norms'),
    gradient: (key) => floats(`gradient.${key}`),
    final: (key) => floats(`final.${key}`),
    names: [...file.tensors.keys()].flatMap((key) => (key.startsWith('final.') ? [key.slice(6)] : [])),
  };
}

function textLengths(name: string): number[] {
  const { mask } = JSON.parse(readFileSync(path.join(encoderPath(name), 'oracle.json'), 'utf8')) as {
    mask: number[][];
  };
  return mask.map((row) => row.reduce((sum, bit) => sum + bit, 0));
}

function bytes(file: Checkpoint, key: string): Uint8Array<ArrayBuffer> {
  const { shape, type } = file.tensors.get(key)!;
  const size = type === 'U8' ? 1 : 4;
  const target = new Uint8Array(shape.reduce((product, side) => product * side, size));
  file.readInto(key, target);
  return target;
}

/** The largest difference relative to the largest magnitude of what is expected. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, magnitude] = [0, 1e-12];
  expected.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(actual[i]! - value));
    magnitude = Math.max(magnitude, Math.abs(value));
  });
  return Number.isNaN(difference) ? Infinity : difference / magnitude;
}
