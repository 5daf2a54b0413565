/** Bits sorted a pass: three passes sort the 32 of a single-precision number. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const LAST_DIGIT = DIGITS - 1;

/**
 * Sorts scores in place, ascending. Single-precision scores are sorted by radix, in linear time.
 * @throws RangeError on NaN
 */
export function sortScores(scores: Float32Array | Float64Array): void {
  if (scores instanceof Float32Array) radixSort(scores);
  else {
    if (scores.some(Number.isNaN)) throw notANumber();
    scores.sort();
  }
}

function notANumber(): RangeError {
  return new RangeError('a score is not a number');
}

/** Least significant digit first, on the numbers' bits, arranged so that they order as the numbers do. */
function radixSort(scores: Float32Array): void {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const counts = countDigits(bits);
  let from: Uint32Array = bits;
  let to: Uint32Array = new Uint32Array(bits.length);
  counts.forEach((places, pass) => {
    if (places.includes(bits.length)) return;
    toPlaces(places);
    scatter(from, to, places, pass * DIGIT_BITS);
    [from, to] = [to, from];
  });
  for (let i = 0; i < bits.length; i++) bits[i] = from[i]! & 0x80000000 ? from[i]! & 0x7fffffff : ~from[i]!;
}

/**
 * Rearranges the bits (negative numbers have all of them inverted, the others their sign; -0 becomes 0, its equal)
 * and counts the digits of all passes.
 */
function countDigits(bits: Uint32Array): Uint32Array[] {
  const [low, middle, high] = [new Uint32Array(DIGITS), new Uint32Array(DIGITS), new Uint32Array(DIGITS)];
  for (let i = 0; i < bits.length; i++) {
    let key = bits[i]!;
    if ((key & 0x7fffffff) > 0x7f800000) throw notANumber();
    if (key === 0x80000000) key = 0;
    key = (key & 0x80000000 ? ~key : key | 0x80000000) >>> 0;
    bits[i] = key;
    low[key & LAST_DIGIT]!++;
    middle[(key >>> DIGIT_BITS) & LAST_DIGIT]!++;
    high[key >>> (2 * DIGIT_BITS)]!++;
  }
  return [low, middle, high];
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
