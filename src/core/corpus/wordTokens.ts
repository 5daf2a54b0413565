import type { Span } from '../text/entity';

/** What reports and tables mean by a token: a run of letters, marks and digits, or any one other visible character. */
const token = /[\p{L}\p{M}\p{N}]+|\S/gu;

/** The word tokens of a text, UTF-16 places, in reading order. */
export function wordTokens(text: string): Span[] {
  return Array.from(text.matchAll(token), ({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));
}

/** How many word tokens a text has. */
export function countTokens(text: string): number {
  return text.match(token)?.length ?? 0;
}
