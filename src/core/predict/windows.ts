import type { Span } from '../text/entity';
import type { Utf16 } from '../text/offsets';

/**
 * A stretch of a text that is run through the encoder in one piece. The model reads `contextStart..contextEnd` but
 * answers only for `start..end`, so that every word is read with context on both sides and is answered for once.
 */
export interface Window extends Span {
  readonly contextStart: Utf16;
  readonly contextEnd: Utf16;
}

/** Sizes in UTF-16 code units. */
export interface WindowSizes {
  /** A text up to this length is one window. */
  readonly whole: number;
  /** No window answers for more than this. */
  readonly core: number;
  /** How far a window reads beyond what it answers for, on either side. */
  readonly context: number;
}

/** Sizes that keep a window of ordinary clinical text (about 2.5 characters a token at its densest) within `maxTokens`. */
export function windowSizes(maxTokens: number): WindowSizes {
  const whole = Math.floor(maxTokens * 2.3);
  return { whole, core: Math.floor(whole * 0.7), context: Math.floor(whole * 0.15) };
}

/**
 * Cuts a text into windows that cover it without gap or overlap of their cores.
 *
 * Cuts are chosen by content, as in content-defined chunking: a word start is a cut when it outranks every other
 * word start within half a core's length. An edit therefore moves only the cuts near it, and the windows elsewhere,
 * being the same words, need no new prediction. The result depends on the text alone, never on how it was typed.
 */
export function cutWindows(text: string, sizes: WindowSizes): Window[] {
  if (text.length === 0) return [];
  if (text.length <= sizes.whole) return [wholeWindow(text)];
  const cuts = [0, ...anchors(text, sizes.core >> 1), text.length];
  const windows: Window[] = [];
  for (let i = 1; i < cuts.length; i++) {
    for (const [start, end] of splitLong(text, cuts[i - 1]!, cuts[i]!, sizes.core)) {
      windows.push(withContext(text, start, end, sizes.context));
    }
  }
  return windows;
}

/** Halves a window that turned out to hold too many tokens. A window of one character cannot be halved: undefined. */
export function halveWindow(text: string, window: Window): [Window, Window] | undefined {
  const { start, end } = window;
  if (end - start < 2) return undefined;
  const cut =
    bestCut(text, start + ((end - start) >> 2), end - ((end - start) >> 2)) ??
    codePointStart(text, (start + end) >> 1);
  if (cut <= start || cut >= end) return undefined;
  const context = Math.max(start - window.contextStart, window.contextEnd - end) >> 1;
  return [withContext(text, start, cut, context), withContext(text, cut, end, context)];
}

function wholeWindow(text: string): Window {
  return { start: 0, end: text.length, contextStart: 0, contextEnd: text.length };
}

function withContext(text: string, start: number, end: number, context: number): Window {
  return {
    start,
    end,
    contextStart: start <= context ? 0 : (wordStartIn(text, start - context, start, false) ?? start),
    contextEnd:
      end + context >= text.length ? text.length : (wordStartIn(text, end, end + context, true) ?? end),
  };
}

/**
 * Word starts that outrank every other word start closer than `reach`: one pass with a stack of falling ranks, on
 * which each candidate meets the nearest one before and after it that ranks at least as high.
 */
function anchors(text: string, reach: number): number[] {
  const candidates: { at: number; rank: number; beaten: boolean }[] = [];
  const falling: typeof candidates = [];
  for (let at = 1; at < text.length; at++) {
    if (!isWordStart(text, at)) continue;
    const candidate = { at, rank: rankOf(text, at), beaten: false };
    while (falling.length > 0 && falling.at(-1)!.rank < candidate.rank) {
      const lower = falling.pop()!;
      lower.beaten ||= at - lower.at < reach;
    }
    const higher = falling.at(-1);
    candidate.beaten = higher !== undefined && at - higher.at < reach;
    if (higher?.rank === candidate.rank) higher.beaten ||= at - higher.at < reach;
    falling.push(candidate);
    candidates.push(candidate);
  }
  return candidates.filter((candidate) => !candidate.beaten).map(({ at }) => at);
}

/** Cuts `start..end` into pieces no longer than `core`, each time at the best word start of its middle half. */
function splitLong(text: string, start: number, end: number, core: number): [number, number][] {
  if (end - start <= core) return [[start, end]];
  const quarter = (end - start) >> 2;
  const cut = bestCut(text, start + quarter, end - quarter) ?? codePointStart(text, start + core);
  return [...splitLong(text, start, cut, core), ...splitLong(text, cut, end, core)];
}

/** The highest-ranking word start in `from..to`. */
function bestCut(text: string, from: number, to: number): number | undefined {
  let best: number | undefined;
  let bestRank = -1;
  for (let at = Math.max(from, 1); at < to; at++) {
    if (!isWordStart(text, at)) continue;
    const rank = rankOf(text, at);
    if (rank > bestRank) [best, bestRank] = [at, rank];
  }
  return best;
}

/** The first word start in `from..to`, or the last one when `last`. */
function wordStartIn(text: string, from: number, to: number, last: boolean): number | undefined {
  for (let i = 0; i <= to - from; i++) {
    const at = last ? to - i : from + i;
    if (isWordStart(text, at)) return at;
  }
  return undefined;
}

function isSpace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0;
}

function isWordStart(text: string, at: number): boolean {
  return at > 0 && at < text.length && isSpace(text, at - 1) && !isSpace(text, at);
}

/** Rank of a word start: after a line break, else after a sentence, else any; ties are broken by the words around it. */
function rankOf(text: string, at: number): number {
  let before = at - 1;
  let newline = false;
  while (before >= 0 && isSpace(text, before)) newline = text.charCodeAt(before--) === 10 || newline;
  const sentence = before >= 0 && '.;!?'.includes(text[before]!);
  let hash = 0x811c9dc5; // FNV-1a over the neighbouring characters
  for (let i = Math.max(0, before - 7); i < Math.min(text.length, at + 8); i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return (newline ? 2 : sentence ? 1 : 0) * 0x100000000 + hash;
}

/** The given offset, or the one before it where it would split a surrogate pair. */
function codePointStart(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
