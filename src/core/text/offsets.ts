/**
 * Offsets as types: an offset counted in one unit does not compile where the other is meant.
 * Inside the project spans are half-open and counted in UTF-16 code units, as JavaScript and VS Code do;
 * BRAT, doccano and Python count Unicode code points, converted here at the border.
 */
export type Utf16 = number & { readonly unit?: 'utf16' };
export type CodePoint = number & { readonly unit?: 'codePoint' };

/** Converts many offsets of one text in either direction in O(log n) each, after one O(n) pass over the text. */
export interface OffsetMap {
  toCodePoint(offset: Utf16): CodePoint;
  toUtf16(offset: CodePoint): Utf16;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * Builds the map of a text. An offset inside a surrogate pair counts as the pair's start.
 * Lone surrogates count as one code point, as Python's surrogatepass decoding does.
 */
export function offsetMap(text: string): OffsetMap {
  // Positions (UTF-16) of each low surrogate that completes a pair: only there do the two counts drift apart.
  const pairs: number[] = [];
  for (let i = 1; i < text.length; i++) {
    if (isLowSurrogate(text.charCodeAt(i)) && isHighSurrogate(text.charCodeAt(i - 1))) {
      pairs.push(i);
      i++;
    }
  }
  if (pairs.length === 0) {
    return { toCodePoint: (offset) => offset as number, toUtf16: (offset) => offset as number };
  }
  return {
    toCodePoint: (offset) => offset - countBelow(pairs, offset + 1),
    // The k-th pair's low surrogate sits at code point pairs[k] - k - 1, so later code points shift by k + 1.
    toUtf16: (offset) => {
      let low = 0;
      let high = pairs.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (pairs[middle]! - middle - 1 < offset) low = middle + 1;
        else high = middle;
      }
      return offset + low;
    },
  };
}

/** How many of the ascending values lie strictly below the limit. */
function countBelow(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
