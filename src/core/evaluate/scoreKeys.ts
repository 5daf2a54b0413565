/**
 * A single-precision score and its truth in one number: the score's 31 bits, which order as scores from 0 up do, then
 * 1 for a positive. Sorted together they need neither a permutation nor a merge.
 */
export type ScoreKey = number;

/** Bits sorted a pass: three passes sort all 32. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const LAST_DIGIT = DIGITS - 1;
const INFINITY_BITS = 0x7f800000;
const NEGATIVE_ZERO_BITS = 0x80000000;

/**
 * The keys of one label's units in ascending order, sorted by radix in linear time. Undefined where a score is below 0
 * or no number: those have no such key.
 */
export function sortedKeys(
  scores: Float32Array,
  truth: Uint8Array,
  label: number,
  labels: number,
): Uint32Array | undefined {
  const keys = new Uint32Array(truth.length / labels);
  const digits = [new Uint32Array(DIGITS), new Uint32Array(DIGITS), new Uint32Array(DIGITS)] as const;
  if (!readKeys(scores, truth, label, labels, keys, digits)) return undefined;
  let [from, to] = [keys, new Uint32Array(keys.length)];
  digits.forEach((places, pass) => {
    if (places.includes(keys.length)) return;
    toPlaces(places);
    scatter(from, to, places, pass * DIGIT_BITS);
    [from, to] = [to, from];
  });
  return from;
}

/** Reads a column's keys and counts the digits of all passes; false where a score has no key. */
function readKeys(
  scores: Float32Array,
  truth: Uint8Array,
  label: number,
  labels: number,
  keys: Uint32Array,
  [low, middle, high]: readonly [Uint32Array, Uint32Array, Uint32Array],
): boolean {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  for (let row = 0, at = label; row < keys.length; row++, at += labels) {
    let score = bits[at]!;
    if (score > INFINITY_BITS) {
      if (score !== NEGATIVE_ZERO_BITS) return false;
      score = 0;
    }
    const key = ((score << 1) | truth[at]!) >>> 0;
    keys[row] = key;
    low[key & LAST_DIGIT]!++;
    middle[(key >>> DIGIT_BITS) & LAST_DIGIT]!++;
    high[key >>> (2 * DIGIT_BITS)]!++;
  }
  return true;
}

/** Turns how often each digit occurs into where its keys begin. */
function toPlaces(counts: Uint32Array): void {
  for (let digit = 0, at = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    counts[digit] = at;
    at += count;
  }
}

function scatter(from: Uint32Array, to: Uint32Array, places: Uint32Array, shift: number): void {
  for (let i = 0; i < from.length; i++) {
    const key = from[i]!;
    to[places[(key >>> shift) & LAST_DIGIT]!++] = key;
  }
}
