import type { Rng } from '../../ports';
import { randomBelow } from '../../random';

/** How well a text may be cut before a token: within a character (bytes of one letter), between two tokens, at a word. */
export const CUT_RANK = { never: 0, token: 1, word: 2 } as const;

/** `[from, to)` in a note's own tokens. */
export type TokenRange = readonly [from: number, to: number];

/** A randomly placed first cut leaves at least this share of an even piece before it: less would have no context. */
const SMALLEST_SHARE = 0.5;

/**
 * Ranges of at most `room` tokens that hold every token once, as few and as even as word starts allow. With `rng` the
 * first range has a random length, so that the cuts of a note lie elsewhere each time.
 * @param ranks of a cut before each token, `CUT_RANK`
 */
export function cutTokens(ranks: Uint8Array, room: number, rng?: Rng): TokenRange[] {
  const ranges: TokenRange[] = [];
  for (let from = 0; from < ranks.length;) {
    const wanted =
      from === 0 && rng ? randomLength(ranks.length, room, rng) : even(ranks.length - from, room);
    const to = from + wanted >= ranks.length ? ranks.length : cutNear(ranks, from, from + wanted, room);
    ranges.push([from, to]);
    from = to;
  }
  return ranges;
}

const even = (count: number, room: number): number => Math.ceil(count / Math.ceil(count / room));

/** No longer than `room`, and long enough that no further range is needed for the rest. */
function randomLength(count: number, room: number, rng: Rng): number {
  if (count <= room) return count;
  const pieces = Math.ceil(count / room);
  const least = Math.max(count - (pieces - 1) * room, Math.ceil(even(count, room) * SMALLEST_SHARE));
  return least + randomBelow(room - least + 1, rng);
}

/** The best-ranked cut near `wanted`, the nearest of equals, leaving at least half of what is wanted. */
function cutNear(ranks: Uint8Array, from: number, wanted: number, room: number): number {
  const low = from + Math.max(1, (wanted - from) >> 1);
  const high = Math.min(from + room, ranks.length - 1);
  let best = wanted;
  let bestRank = -1;
  for (let distance = 0; distance <= Math.max(wanted - low, high - wanted); distance++) {
    for (const at of [wanted - distance, wanted + distance]) {
      if (at < low || at > high || ranks[at]! <= bestRank) continue;
      [best, bestRank] = [at, ranks[at]!];
    }
    if (bestRank === CUT_RANK.word) break;
  }
  return best;
}
