import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Rng } from './ports';

/**
 * Reproducible random numbers in [0, 1) with 53 bits: xoroshiro128+ (Blackman & Vigna 2018). The seed counts modulo
 * 2^32. Equal seeds give equal numbers on every machine.
 */
export function seededRng(seed: number): Rng {
  const generator = xoroshiro128plus(seed);
  // The state of a small seed is nearly all zeros or ones, and the first numbers show it.
  for (let i = 0; i < 32; i++) generator.next();
  return () => uniformFloat64(generator);
}

/** A whole number in [0, limit). */
export function randomBelow(limit: number, rng: Rng): number {
  return Math.floor(rng() * limit);
}

/** 0 … count - 1 in random order (Fisher-Yates). */
export function shuffledIndices(count: number, rng: Rng): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = randomBelow(i + 1, rng);
    const other = order[j]!;
    order[j] = order[i]!;
    order[i] = other;
  }
  return order;
}

/**
 * One seed of several whole numbers, such as a run's own seed with an epoch and a step: by murmur3's mixing
 * (Appleby 2011), so that neighbours have nothing in common.
 */
export function combineSeeds(...parts: readonly number[]): number {
  let hash = 0x9747b28c;
  for (const part of parts) {
    let mixed = Math.imul(part | 0, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
