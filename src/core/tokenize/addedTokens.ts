import type { AddedToken } from './schema/files';

/** A stretch of a text: an added token's, or the plain text between two. */
export interface Section {
  readonly start: number;
  readonly end: number;
  /** The added token's id; undefined for plain text. */
  readonly id: number | undefined;
}

/** Splits a text at the added tokens written out in it ("[MASK]", "<s>"), the longest first. */
export type AddedTokenSplitter = (text: string) => readonly Section[];

type Entry = Pick<AddedToken, 'id' | 'content' | 'single_word' | 'lstrip' | 'rstrip'>;

const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const whiteSpaceUnit = /^\p{White_Space}$/u;

/** A splitter for the tokens, whose `content` is what the text is searched for. */
export function addedTokenSplitter(tokens: readonly Entry[]): AddedTokenSplitter {
  const find = finder(tokens.filter(({ content }) => content !== ''));
  return (text) => {
    const sections: Section[] = [];
    let read = 0;
    for (
      let at = 0, token;
      (token = find(text, at)) !== undefined;
      at = token.at + token.entry.content.length
    ) {
      const { entry } = token;
      const after = token.at + entry.content.length;
      if (entry.single_word && isInsideWord(text, token.at, after)) continue;
      const start = entry.lstrip ? skipSpaceBefore(text, token.at, read) : token.at;
      const end = entry.rstrip ? skipSpaceAfter(text, after) : after;
      if (read < start) sections.push({ start: read, end: start, id: undefined });
      sections.push({ start, end, id: entry.id });
      read = end;
    }
    if (read < text.length) sections.push({ start: read, end: text.length, id: undefined });
    return sections;
  };
}

interface Found {
  readonly at: number;
  readonly entry: Entry;
}

/** Finds the first token from a place on, the longest where several begin. */
function finder(tokens: readonly Entry[]): (text: string, from: number) => Found | undefined {
  const byFirstUnit = new Map<number, Entry[]>();
  for (const entry of [...tokens].sort((a, b) => b.content.length - a.content.length)) {
    const first = entry.content.charCodeAt(0);
    byFirstUnit.set(first, [...(byFirstUnit.get(first) ?? []), entry]);
  }
  return (text, from) => {
    for (let at = from; at < text.length; at++) {
      const entry = byFirstUnit.get(text.charCodeAt(at))?.find(({ content }) => text.startsWith(content, at));
      if (entry !== undefined) return { at, entry };
    }
    return undefined;
  };
}

function isInsideWord(text: string, start: number, end: number): boolean {
  // Two units hold the neighbouring code point.
  return (
    wordBefore.test(text.slice(Math.max(0, start - 2), start)) || wordAfter.test(text.slice(end, end + 2))
  );
}

function skipSpaceBefore(text: string, from: number, limit: number): number {
  while (from > limit && whiteSpaceUnit.test(text[from - 1]!)) from--;
  return from;
}

function skipSpaceAfter(text: string, from: number): number {
  while (from < text.length && whiteSpaceUnit.test(text[from]!)) from++;
  return from;
}
