import type { Annotation } from '../corpus/document';
import type { Span } from '../text/entity';

export type Side = 'left' | 'right';

/** A run of letters, digits and their marks; anything else that is no white space is a word by itself. */
const WORD = /[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;

/** An annotation with one word more at its left or right end; undefined where the text ends there. */
export function extended(text: string, { label, fragments }: Annotation, side: Side): Annotation | undefined {
  const [start, end] = [fragments[0]!.start, fragments.at(-1)!.end];
  const words = wordsIn(text, side === 'left' ? { start: 0, end: start } : { start: end, end: text.length });
  const word = side === 'left' ? words.at(-1) : words[0];
  return word && { label, fragments: withEnd(fragments, side, side === 'left' ? word.start : word.end) };
}

/** An annotation with one word less at its left or right end; undefined where nothing would be left of the fragment there. */
export function shortened(
  text: string,
  { label, fragments }: Annotation,
  side: Side,
): Annotation | undefined {
  const words = wordsIn(text, side === 'left' ? fragments[0]! : fragments.at(-1)!);
  const word = side === 'left' ? words[1] : words.at(-2);
  return word && { label, fragments: withEnd(fragments, side, side === 'left' ? word.start : word.end) };
}

/** A span without the white space at its ends; undefined where nothing else is in it. */
export function trimmed(text: string, { start, end }: Span): Span | undefined {
  const words = text.slice(start, end);
  const from = start + words.length - words.trimStart().length;
  const to = from + words.trim().length;
  return from < to ? { start: from, end: to } : undefined;
}

function withEnd(fragments: readonly Span[], side: Side, at: number): Span[] {
  const moved = side === 'left' ? 0 : fragments.length - 1;
  return fragments.map((fragment, i) =>
    i !== moved ? fragment : side === 'left' ? { ...fragment, start: at } : { ...fragment, end: at },
  );
}

function wordsIn(text: string, { start, end }: Span): Span[] {
  return [...text.slice(start, end).matchAll(WORD)].map(({ index, 0: word }) => ({
    start: start + index,
    end: start + index + word.length,
  }));
}
