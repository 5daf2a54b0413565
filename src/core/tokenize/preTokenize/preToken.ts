import type { SplitBehavior } from '../schema/textSteps';

/** A stretch of the normalised text that the model sees on its own. */
export interface PreToken {
  /** As the model reads it: length-preserving replacements made, a prefix put before it. */
  readonly text: string;
  /** Where it starts in the normalised text, in UTF-16 units, the prefix not counted. */
  readonly start: number;
  /** How many units were put before it; they share the source range of its first character. */
  readonly prefix: number;
  /** Whether it is where the text itself begins. */
  readonly opens: boolean;
}

/** Splits a pre-token; a PreToken's parts keep their places in the normalised text. */
export type PreTokenizer = (token: PreToken) => readonly PreToken[];

/** The part [start, end) of a pre-token, in units of its text. */
export function part(token: PreToken, start: number, end: number): PreToken {
  const prefix = Math.max(0, token.prefix - start);
  return {
    text: token.text.slice(start, end),
    start: token.start + Math.max(0, start - token.prefix),
    prefix: Math.min(prefix, end - start),
    opens: token.opens && start === 0,
  };
}

/** The same pre-token with one more unit before it. */
export function withPrefix(token: PreToken, prefix: string): PreToken {
  return { ...token, text: prefix + token.text, prefix: token.prefix + prefix.length };
}

/** Splits at each match of a global pattern, the match kept or dropped as `behavior` says. */
export function splitAt(pattern: RegExp, behavior: SplitBehavior, invert = false): PreTokenizer {
  return (token) => {
    const all = stretches(token.text, pattern, invert);
    if (all.length === 1 && !all[0]!.matched) return [token];
    return parts(all, behavior).map(({ start, end }) => part(token, start, end));
  };
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly matched: boolean;
}

function stretches(text: string, pattern: RegExp, invert: boolean): Stretch[] {
  const result: Stretch[] = [];
  let read = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    const end = index + match.length;
    if (index > read) result.push({ start: read, end: index, matched: invert });
    if (end > index) result.push({ start: index, end, matched: !invert });
    read = end;
  }
  if (text.length > read) result.push({ start: read, end: text.length, matched: invert });
  return result;
}

function parts(all: readonly Stretch[], behavior: SplitBehavior): readonly Stretch[] {
  switch (behavior) {
    case 'Isolated':
      return all;
    case 'Removed':
      return all.filter(({ matched }) => !matched);
    case 'Contiguous':
      return merge(all, (last, next) => last.matched === next.matched);
    case 'MergedWithPrevious':
      return merge(all, (last, next) => next.matched && !last.matched);
    case 'MergedWithNext':
      return merge(all, (last, next) => last.matched && !next.matched);
  }
}

/** Joins a stretch to the one before wherever the two, as they stood in the text, belong together. */
function merge(all: readonly Stretch[], together: (last: Stretch, next: Stretch) => boolean): Stretch[] {
  const result: Stretch[] = [];
  all.forEach((next, i) => {
    const last = result.at(-1);
    if (last !== undefined && together(all[i - 1]!, next)) {
      result[result.length - 1] = { ...last, end: next.end };
    } else {
      result.push(next);
    }
  });
  return result;
}
