import type { Rng } from '../ports';
import { shuffledIndices } from '../random';

/** Ratios such as 60, 20, 20 as shares that add up to 1. */
export function sharesOf(ratio: readonly number[]): number[] {
  const whole = ratio.reduce((sum, part) => sum + part, 0);
  return ratio.map((part) => part / whole);
}

/** Whole sizes that add up to `notes`, each within one of its exact share: largest remainders, earlier parts first. */
export function wholeSizes(notes: number, ratio: readonly number[]): number[] {
  const exact = sharesOf(ratio).map((share) => share * notes);
  const sizes = exact.map(Math.floor);
  const missing = notes - sizes.reduce((sum, size) => sum + size, 0);
  const byRemainder = [...exact.keys()].sort(
    (a, b) => exact[b]! - sizes[b]! - (exact[a]! - sizes[a]!) || a - b,
  );
  for (const part of byRemainder.slice(0, missing)) sizes[part]!++;
  return sizes;
}

/**
 * The study's random split: shuffle, then cut at `int(0.6 n)` and `int(0.8 n)` (for 60/20/20). Units of several notes
 * go whole to the part in which their first note falls, so parts are within one unit of those cuts.
 * Returns the part of each unit.
 */
export function randomParts(sizes: Int32Array, ratio: readonly number[], rng: Rng): Int32Array {
  const notes = sizes.reduce((sum, size) => sum + size, 0);
  const whole = ratio.reduce((sum, part) => sum + part, 0);
  let upTo = 0;
  const cuts = ratio.map((part) => Math.trunc(((upTo += part) / whole) * notes));
  const parts = new Int32Array(sizes.length);
  let [placed, part] = [0, 0];
  for (const unit of shuffledIndices(sizes.length, rng)) {
    while (part < ratio.length - 1 && placed >= cuts[part]!) part++;
    parts[unit] = part;
    placed += sizes[unit]!;
  }
  return parts;
}
