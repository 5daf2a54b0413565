import type { Checkpoint } from '../src/core/encoder/checkpoint';
import { openSafetensors } from '../src/node/checkpoint/safetensors';
import { replaceSafetensors } from '../src/node/checkpoint/replaceSafetensors';
import { floatTensor } from './floatTensor';

/** A checkpoint of a run, and how much of it goes into the average. */
export interface Share {
  readonly file: string;
  readonly share: number;
}

/**
 * Averages the weights of several checkpoints of one run (Izmailov et al. 2018, with shares of one's choice). A share
 * of an earlier one costs little on notes like the training notes and helps on others.
 * @throws Error when the shares do not add up to 1, or the checkpoints do not hold the same tensors in F32
 */
export async function averageCheckpoints(shares: readonly Share[], out: string): Promise<void> {
  const sum = shares.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9) throw new Error(`the shares of an average add up to ${sum}, not 1`);
  const opened: { checkpoint: Checkpoint; share: number }[] = [];
  try {
    for (const { file, share } of shares) opened.push({ checkpoint: openSafetensors(file), share });
    const [first] = opened;
    const tensors = [...first!.checkpoint.tensors].map(([name, { type, shape }]) => ({
      name,
      type,
      shape,
      elements: () => averageOf(name, opened),
    }));
    await replaceSafetensors(out, tensors);
  } finally {
    for (const { checkpoint } of opened) checkpoint.close();
  }
}

function averageOf(name: string, opened: readonly { checkpoint: Checkpoint; share: number }[]): Uint8Array {
  const parts = opened.map(({ checkpoint, share }) => ({ values: floatTensor(checkpoint, name), share }));
  const average = new Float32Array(parts[0]!.values.length);
  if (parts.some(({ values }) => values.length !== average.length))
    throw new Error(`${name} has not the same size in every checkpoint`);
  for (let i = 0; i < average.length; i++) {
    let sum = 0;
    for (const { values, share } of parts) sum += share * values[i]!;
    average[i] = sum;
  }
  return new Uint8Array(average.buffer);
}
