import type { ChangedStretch } from '../text/edit';
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
  /** A text up to this length is one window, whatever its words. */
  readonly whole: number;
  /** No window answers for more than this. */
  readonly core: number;
  /** How far a window reads beyond what it answers for, on either side. */
  readonly context: number;
}

/** Sizes that keep a window of ordinary clinical text (about 2.5 characters a token at its densest) within `maxTokens`. */
export function windowSizes(maxTokens: number): WindowSizes {
  const whole = Math.floor(maxTokens * 2.3);
  // More context than some twelve words on either side costs time and gains no F1 on real notes.
  return { whole, core: Math.floor(whole * 0.7), context: Math.floor(whole * 0.08) };
}

/** The windows of a text, and those of their starts that only the words nearby decide. */
export interface Cutting {
  readonly windows: readonly Window[];
  readonly anchors: readonly Utf16[];
}

/** A cutting after an edit: windows before `head` are as they were, the last `tail` of them have only moved. */
export interface Recutting extends Cutting {
  readonly head: number;
  readonly tail: number;
}

/** Cuts a text into windows that cover it without gap or overlap of their cores. */
export function cutWindows(text: string, sizes: WindowSizes): readonly Window[] {
  return cutText(text, sizes).windows;
}

/**
 * The same with its anchors.
 *
 * Cuts are chosen by content, as in content-defined chunking: a word start is a cut, an anchor, when it outranks every
 * other word start within half a core's length. An edit therefore moves only the cuts near it, and the windows
 * elsewhere, being the same words, need no new prediction. The result depends on the text alone, never on how it was
 * typed.
 */
export function cutText(text: string, sizes: WindowSizes): Cutting {
  if (text.length === 0) return { windows: [], anchors: [] };
  if (text.length <= sizes.whole) return { windows: [wholeWindow(text)], anchors: [] };
  const anchors = anchorsIn(text, 0, text.length, reachOf(sizes));
  return { windows: windowsBetween(text, [0, ...anchors, text.length], sizes), anchors };
}

/** The cutting of a text whose earlier cutting is known, at a cost that grows with what changed. */
export function recutText(
  text: string,
  sizes: WindowSizes,
  before: Cutting,
  { start, end, newEnd }: ChangedStretch,
): Recutting {
  const shift = newEnd - end;
  if (text.length <= sizes.whole || before.anchors.length === 0)
    return { ...cutText(text, sizes), head: 0, tail: 0 };
  const reach = reachOf(sizes);
  // No anchor further away than this can have met another rank, or another neighbour.
  const left = before.anchors.findLast((at) => at < start - reach - RANK_REACH) ?? 0;
  const limit = skipSpace(text, newEnd + RANK_REACH) + reach - shift;
  const right = before.anchors.find((at) => at > limit) ?? text.length - shift;
  const anchors = anchorsIn(text, left, right + shift, reach);
  const kept = before.windows.filter((window) => window.end <= left);
  const moved = before.windows
    .filter((window) => window.start >= right)
    .map((window) => shiftWindow(window, shift));
  return {
    windows: [...kept, ...windowsBetween(text, [left, ...anchors, right + shift], sizes), ...moved],
    anchors: [
      ...before.anchors.filter((at) => at <= left),
      ...anchors,
      ...before.anchors.filter((at) => at >= right).map((at) => at + shift),
    ],
    head: kept.length,
    tail: moved.length,
  };
}

/** Halves a window that turned out to hold too many tokens. A window of one character cannot be halved: undefined. */
export function halveWindow(text: string, window: Window): [Window, Window] | undefined {
  const { start, end } = window;
  const first = start + (text.codePointAt(start)! > 0xffff ? 2 : 1);
  if (first >= end) return undefined;
  const middle =
    bestCut(text, start + ((end - start) >> 2), end - ((end - start) >> 2)) ??
    codePointStart(text, (start + end) >> 1);
  // The middle of a surrogate pair and one more character lies in the pair.
  const cut = Math.max(first, middle);
  const context = Math.max(start - window.contextStart, window.contextEnd - end) >> 1;
  return [withContext(text, start, cut, context), withContext(text, cut, end, context)];
}

/** How far an anchor outranks every other word start; contexts are no longer than that. */
function reachOf({ core, context }: WindowSizes): number {
  return Math.max(core >> 1, context);
}

function windowsBetween(text: string, cuts: readonly number[], sizes: WindowSizes): Window[] {
  const windows: Window[] = [];
  for (let i = 1; i < cuts.length; i++) {
    for (const [start, end] of splitLong(text, cuts[i - 1]!, cuts[i]!, sizes.core)) {
      windows.push(withContext(text, start, end, sizes.context));
    }
  }
  return windows;
}

function shiftWindow(window: Window, shift: number): Window {
  if (shift === 0) return window;
  return {
    start: window.start + shift,
    end: window.end + shift,
    contextStart: window.contextStart + shift,
    contextEnd: window.contextEnd + shift,
  };
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
 * Word starts between two offsets, neither included, that outrank every other word start of the text closer than
 * `reach`: one pass with a stack of falling ranks, on which each candidate meets the nearest one before and after it
 * that ranks at least as high.
 */
function anchorsIn(text: string, from: number, to: number, reach: number): number[] {
  const candidates: { at: number; rank: number; beaten: boolean }[] = [];
  const falling: typeof candidates = [];
  for (let at = Math.max(1, from - reach); at < Math.min(text.length, to + reach); at++) {
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
  return candidates.filter(({ at, beaten }) => !beaten && at > from && at < to).map(({ at }) => at);
}

/**
 * Cuts `start..end` into pieces no longer than `core`, each time at the best word start of its middle half; where it
 * has none, at a multiple of `core` near its middle.
 */
function splitLong(text: string, start: number, end: number, core: number): [number, number][] {
  if (end - start <= core) return [[start, end]];
  const quarter = (end - start) >> 2;
  const cut =
    bestCut(text, start + quarter, end - quarter) ??
    codePointStart(text, start + core * Math.max(1, ((end - start) / core) >> 1));
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

/** Characters beside a word start, and beyond the blanks before it, that its rank depends on. */
const RANK_REACH = 8;

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && isSpace(text, end)) end++;
  return end;
}

/** Rank of a word start: after a line break, else after a sentence, else any; ties are broken by the words around it. */
function rankOf(text: string, at: number): number {
  let before = at - 1;
  let newline = false;
  while (before >= 0 && isSpace(text, before)) newline = text.charCodeAt(before--) === 10 || newline;
  const sentence = before >= 0 && '.;!?'.includes(text[before]!);
  let hash = 0x811c9dc5; // FNV-1a over the neighbouring characters
  for (let i = Math.max(0, before - RANK_REACH + 1); i < Math.min(text.length, at + RANK_REACH); i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return (newline ? 2 : sentence ? 1 : 0) * 0x100000000 + hash;
}

/** The given offset, or the one before it where it would split a surrogate pair. */
function codePointStart(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
