import type { Rng } from '../../src/core/ports';
import { randomBelow, shuffledIndices } from '../../src/core/random';

/** True with the given probability. */
export function chance(probability: number, rng: Rng): boolean {
  return rng() < probability;
}

/** One of the values, each as likely. @throws RangeError when there are none */
export function pick<T>(values: readonly T[], rng: Rng): T {
  if (values.length === 0) throw new RangeError('nothing to pick from');
  return values[randomBelow(values.length, rng)]!;
}

/** A number in [low, high). */
export function between(low: number, high: number, rng: Rng): number {
  return low + (high - low) * rng();
}

/** The values in random order. */
export function shuffled<T>(values: readonly T[], rng: Rng): T[] {
  return Array.from(shuffledIndices(values.length, rng), (i) => values[i]!);
}
