import path from 'node:path';
import type { Checkpoint } from '../../../src/core/encoder/checkpoint';
import type { MaskedExample } from '../../../src/core/train/maskedLanguageEngine';
import type { Device } from '../../../src/core/ports';
import type { TrainingEngine } from '../../../src/core/train/engine';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import { createMaskedLanguageEngine } from '../../../src/node/training/engineFactory';
import { encoderPath } from '../oracleEncoders';
import { noDropout } from './engineProbe';
import { learningRate, maxGradientNorm, optimiser } from './trainingOracle';

const folder = path.join(import.meta.dirname, '..', '..', 'oracles', 'training');

/** What PyTorch computes while a tiny masked language model learns: see test/oracles/make_training.py. */
export interface MaskedOracle {
  readonly examples: readonly MaskedExample[];
  /** Before each of ten updates. */
  readonly losses: Float32Array;
  readonly norms: Float32Array;
  /** By published name, less the model's prefix. */
  gradient(name: string): Float32Array;
  final(name: string): Float32Array;
  readonly names: readonly string[];
}

export function readMaskedOracle(name: string): MaskedOracle {
  const file = openSafetensors(path.join(folder, `${name}.safetensors`));
  const floats = (key: string) => new Float32Array(elements(file, key));
  const [ids, mask, labels] = ['ids', 'mask', 'labels'].map((key) => new Int32Array(elements(file, key)));
  const [rows, length] = file.tensors.get('ids')!.shape as [number, number];
  const weight = 1 / labels!.filter((label) => label >= 0).length;
  const examples = Array.from({ length: rows }, (_, row): MaskedExample => {
    const own = mask!.subarray(row * length, (row + 1) * length).reduce((sum, bit) => sum + bit, 0);
    const right = labels!.subarray(row * length, row * length + own);
    const positions = Int32Array.from([...right.keys()].filter((at) => right[at]! >= 0));
    const originals = positions.map((at) => right[at]!);
    return { ids: ids!.slice(row * length, row * length + own), positions, originals, weight };
  });
  return {
    examples,
    losses: floats('losses'),
    norms: floats('norms'),
    gradient: (key) => floats(`gradient.${key}`),
    final: (key) => floats(`final.${key}`),
    names: [...file.tensors.keys()].flatMap((key) => (key.startsWith('final.') ? [key.slice(6)] : [])),
  };
}

/** Losses of an engine that is taught what PyTorch was taught, a step each. The vocabulary comes in three blocks. */
export async function maskedLosses(
  name: string,
  plan: TrainingEngine['plan'],
  device: Device,
  steps: number,
): Promise<number[]> {
  const { examples } = readMaskedOracle(name);
  const running = { device, optimiser, dropout: noDropout, plan, threads: 1 };
  const engine = await createMaskedLanguageEngine(encoderPath(name), { ...running, seed: 1, blockWords: 50 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(await engine.accumulate(examples, step));
    await engine.update({ learningRate: learningRate(step), maxGradientNorm });
  }
  await engine.dispose();
  return losses;
}

function elements(file: Checkpoint, key: string): ArrayBuffer {
  const { shape } = file.tensors.get(key)!;
  const target = new Uint8Array(shape.reduce((product, side) => product * side, 4));
  file.readInto(key, target);
  return target.buffer;
}
