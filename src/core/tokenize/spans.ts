import type { Utf16 } from '../text/offsets';

/** The tokens' ranges in the source, in reading order; neighbours that share a character overlap. */
export interface TokenSpans {
  readonly starts: Utf16[];
  readonly ends: Utf16[];
}

const blank = /^[\p{White_Space}\p{Cf}]$/u;
const mark = /^\p{M}$/u;

/**
 * Makes the ranges those of the words: blanks (white space and invisible format characters) are cut off both ends,
 * a token of blanks alone is left empty at its end, and combining marks that normalisation dropped go to the token
 * they follow.
 */
export function settleSpans(source: string, { starts, ends }: TokenSpans): void {
  for (let i = 0; i < starts.length; i++) {
    const start = skip(blank, source, starts[i]!, ends[i]!);
    const end = skipBack(blank, source, ends[i]!, start);
    starts[i] = start;
    ends[i] = start < end ? skip(mark, source, end, starts[i + 1] ?? source.length) : ends[i]!;
  }
}

/** Neither blank nor mark: most of a note is, and need not be looked up. */
const isPrintableAscii = (unit: number): boolean => unit > 0x20 && unit < 0x7f;

/** Where the characters of a kind end, from a place on. */
function skip(kind: RegExp, source: string, from: Utf16, limit: Utf16): Utf16 {
  let at: number = from;
  while (at < limit && !isPrintableAscii(source.charCodeAt(at))) {
    const character = String.fromCodePoint(source.codePointAt(at)!);
    if (!kind.test(character)) break;
    at += character.length;
  }
  return at;
}

/** Where the characters of a kind begin, from a place back. */
function skipBack(kind: RegExp, source: string, from: Utf16, limit: Utf16): Utf16 {
  let at: number = from;
  while (at > limit && !isPrintableAscii(source.charCodeAt(at - 1))) {
    const pair = at - limit > 1 ? source.codePointAt(at - 2)! : 0;
    const character = pair > 0xffff ? String.fromCodePoint(pair) : source[at - 1]!;
    if (!kind.test(character)) break;
    at -= character.length;
  }
  return at;
}
