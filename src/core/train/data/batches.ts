import type { Device, Rng } from '../../ports';
import { shuffledIndices } from '../../random';
import type { TokenizedText } from './tokenizedNote';
import type { TokenRange } from './windowCuts';
import { cutTokens } from './windowCuts';

/** A stretch of a note that is read in one piece; `length` in tokens, special ones included. */
export interface WindowPlace {
  readonly note: number;
  readonly range: TokenRange;
  readonly length: number;
  /** Of the windows that its note is cut into this time: what it counts as a note. */
  readonly share: number;
}

/**
 * What a batch holds: so many windows (a note is one window unless it is longer than `maxLength`), or so many tokens
 * with their padding. A step adds up the gradients of `accumulate` batches.
 */
export interface Batching {
  readonly by: 'notes' | 'tokens';
  readonly size: number;
  readonly accumulate: number;
  /**
   * How windows come together: `epoch` draws batches of neighbours in length, `step` by chance; both compute the windows
   * of a step in other batches than were drawn. `none` leaves them as drawn, with all the padding.
   */
  readonly buckets: 'epoch' | 'step' | 'none';
}

/** The windows of one step. */
export interface StepPlan {
  /** Batches as drawn, which a loss that is averaged over batches counts by. */
  readonly drawn: readonly (readonly WindowPlace[])[];
  /** The same windows in the batches that are computed together. */
  readonly computed: readonly (readonly WindowPlace[])[];
}

/** The windows of every note, in the notes' order; notes without tokens have none. With `rng`, cuts move. */
export function placeWindows(
  notes: readonly TokenizedText[],
  maxLength: number,
  rng: Rng | undefined,
): WindowPlace[] {
  return notes.flatMap((text, note) => {
    const special = text.before.length + text.after.length;
    const ranges = cutTokens(text.cutRanks, maxLength - special, rng);
    return ranges.map((range) => ({
      note,
      range,
      length: range[1] - range[0] + special,
      share: 1 / ranges.length,
    }));
  });
}

/** How large a batch gets that is computed at once. */
export interface BatchSize {
  /** Padding included. */
  readonly tokens: number;
  /** Of its longest text. */
  readonly length: number;
  /** Tokens that masked language modelling guesses, about; undefined for token classification. */
  readonly guesses?: number;
}

/**
 * The largest batch that may come of notes, whatever is drawn.
 * @param padTo tokens that every text is padded to, where it is
 * @param apart as `textsApart` has it: a window more counts for those that are left, which have a graph of their own
 */
export function largestBatch(
  notes: readonly TokenizedText[],
  { by, size }: Batching,
  maxLength: number,
  padTo: number | null,
  apart = 0,
): BatchSize {
  const lengths = notes.map(({ ids, before, after }) =>
    Math.min(maxLength, ids.length + before.length + after.length),
  );
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const length = Math.max(longest, padTo ?? 0);
  if (apart > 0) return { tokens: (apart + 1) * length, length };
  if (by === 'notes') return { tokens: size * length, length };
  if (padTo === null) return { tokens: Math.max(size, length), length };
  // Short texts fill a batch before they are padded.
  const shortest = lengths.reduce((a, b) => Math.min(a, b), longest);
  return { tokens: Math.max(1, Math.floor(size / shortest)) * length, length };
}

/** A graph has its attention once a text that is not padded; more at a time are hardly faster, and take memory. */
const MOST_APART = 4;

/**
 * How many windows of any length are computed together without padding: those of a batch, in as few and even parts as may
 * be. 0 where windows are padded: on a graphics processor each operator of a text costs a call, and batches of so many
 * tokens hold now a few windows and now dozens.
 */
export function textsApart(
  { batching, padTo }: { readonly batching: Batching; readonly padTo: number | null },
  device: Device,
): number {
  const { by, size, buckets } = batching;
  if (device !== 'cpu' || padTo !== null || by === 'tokens' || buckets === 'none') return 0;
  return Math.ceil(size / Math.ceil(size / MOST_APART));
}

/**
 * Every window once, in steps whose order is random.
 * @param apart so many windows are computed together without padding, as `textsApart` has it, and the rest one by one;
 * where it is 0, with little padding
 */
export function planSteps(
  windows: readonly WindowPlace[],
  batching: Batching,
  rng: Rng,
  apart = 0,
): StepPlan[] {
  const drawn =
    batching.buckets === 'epoch' ? bucketed(windows, batching, rng) : shuffled(windows, batching, rng);
  return chunks(drawn, batching.accumulate).map((batches) => ({
    drawn: batches,
    computed: batching.buckets === 'none' ? batches : regroup(batches.flat(), batching, apart),
  }));
}

function shuffled(windows: readonly WindowPlace[], batching: Batching, rng: Rng): WindowPlace[][] {
  return pack(
    Array.from(shuffledIndices(windows.length, rng), (i) => windows[i]!),
    batching,
  );
}

/** Lengths count a little more or less than they are, so that batches differ from epoch to epoch. */
const JITTER = 0.1;

function bucketed(windows: readonly WindowPlace[], batching: Batching, rng: Rng): WindowPlace[][] {
  const keyed = windows.map((window) => ({ window, key: window.length * (1 - JITTER + 2 * JITTER * rng()) }));
  const packed = pack(
    keyed.sort((a, b) => a.key - b.key).map(({ window }) => window),
    batching,
  );
  return Array.from(shuffledIndices(packed.length, rng), (i) => packed[i]!);
}

/** Consecutive windows in batches as full as their size allows, one window at least. */
function pack(windows: readonly WindowPlace[], { by, size }: Batching): WindowPlace[][] {
  const batches: WindowPlace[][] = [];
  let longest = 0;
  for (const window of windows) {
    const batch = batches.at(-1);
    longest = Math.max(longest, window.length);
    const count = (batch?.length ?? 0) + 1;
    if (batch && (by === 'notes' ? count : count * longest) <= size) batch.push(window);
    else {
      batches.push([window]);
      longest = window.length;
    }
  }
  return batches;
}

/** Padding is wasted work: a batch of mixed lengths is computed in parts rather than with more of it than this. */
const MOST_PADDING = 0.1;

/** The same windows, by falling length, in the batches that are best computed together. */
function regroup(windows: readonly WindowPlace[], batching: Batching, apart: number): WindowPlace[][] {
  const falling = [...windows].sort((a, b) => b.length - a.length);
  if (apart === 0) return withLittlePadding(falling, batching);
  const whole = falling.length - (falling.length % apart);
  return [...chunks(falling.slice(0, whole), apart), ...chunks(falling.slice(whole), 1)];
}

/** In batches within the size and with little padding. */
function withLittlePadding(falling: readonly WindowPlace[], { by, size }: Batching): WindowPlace[][] {
  const batches: WindowPlace[][] = [];
  let tokens = 0;
  for (const window of falling) {
    const batch = batches.at(-1);
    const count = (batch?.length ?? 0) + 1;
    const padded = count * (batch?.[0]?.length ?? 0);
    const fits = (by === 'notes' ? count : padded) <= size;
    if (batch && fits && tokens + window.length >= padded * (1 - MOST_PADDING)) {
      batch.push(window);
      tokens += window.length;
    } else {
      batches.push([window]);
      tokens = window.length;
    }
  }
  return batches;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
