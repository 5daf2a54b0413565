import type { TokenClassifier } from '../ports';
import type { Entity } from '../text/entity';
import type { Encoding, Tokenizer } from '../tokenize/encoding';
import { calibrate, softmax } from './calibration';
import type { ScoredTokens } from './decode';
import { decodeEntities, joinSeams } from './decode';
import type { PredictionSettings } from './settings';
import type { Window, WindowSizes } from './windows';
import { cutWindows, halveWindow, windowSizes } from './windows';

/** An encoder with its tokenizer and what turns its logits into entities. */
export interface Predictor {
  readonly classifier: TokenClassifier;
  readonly tokenizer: Tokenizer;
  readonly settings: PredictionSettings;
}

/** A window with its tokens, ready for the encoder. */
export interface TokenizedWindow {
  readonly window: Window;
  readonly encoding: Encoding;
}

/** What the encoder said of one window: tokens in the text's own offsets, probabilities calibrated. */
export interface ScoredWindow {
  readonly window: Window;
  readonly tokens: ScoredTokens;
}

/** Padding is wasted work, so a batch holds windows of like length and about this many tokens in all. */
const BATCH_TOKENS = 1024;

/** The windows of a text, each within the encoder's longest input. */
export function tokenizeWindows(text: string, predictor: Predictor): TokenizedWindow[] {
  return cutWindows(text, sizesFor(text, predictor)).flatMap((window) => fit(text, window, predictor));
}

/** A text of more characters a token than this is not tried whole. */
const SPARSEST = 4.5;

/** Window sizes for a text: one window where the encoder takes all of it, which costs less than several that overlap. */
export function sizesFor(text: string, { tokenizer, settings: { maxTokens } }: Predictor): WindowSizes {
  const sizes = windowSizes(maxTokens);
  if (text.length <= sizes.whole || text.length > maxTokens * SPARSEST) return sizes;
  return tokenizer.encode(text).ids.length <= maxTokens ? { ...sizes, whole: text.length } : sizes;
}

/**
 * Tokenizes one window, halving it as often as the encoder's longest input asks for.
 * @throws Error where a single character is more than that: nothing of a text is left out
 */
export function fit(text: string, window: Window, predictor: Predictor): TokenizedWindow[] {
  const encoding = predictor.tokenizer.encode(text.slice(window.contextStart, window.contextEnd));
  const { maxTokens } = predictor.settings;
  if (encoding.ids.length <= maxTokens) return [{ window, encoding }];
  const smaller = halveWindow(text, window) ?? withoutContext(window);
  if (!smaller) {
    const [taken, most] = [encoding.ids.length, maxTokens];
    throw new Error(
      `a single character takes ${taken} tokens, but the encoder reads ${most} at most: choose another model`,
    );
  }
  return smaller.flatMap((piece) => fit(text, piece, predictor));
}

/** A window that reads what it answers for and no more; undefined where it does so already. */
function withoutContext({ start, end, contextStart, contextEnd }: Window): [Window] | undefined {
  return contextStart < start || end < contextEnd
    ? [{ start, end, contextStart: start, contextEnd: end }]
    : undefined;
}

/** Runs windows through the encoder, batched by length; yields each as it is done. Stops between batches on abort. */
export async function* scoreWindows(
  windows: readonly TokenizedWindow[],
  predictor: Predictor,
  signal?: AbortSignal,
): AsyncGenerator<{ index: number; scored: ScoredWindow }> {
  for (const batch of batchesByLength(windows.map(({ encoding }) => encoding.ids.length))) {
    signal?.throwIfAborted();
    const logits = await predictor.classifier.logits(batch.map((index) => windows[index]!.encoding.ids));
    for (const [k, index] of batch.entries()) {
      yield { index, scored: scoreWindow(windows[index]!, logits[k]!, predictor.settings) };
    }
  }
}

/** The tokens that a window answers for, in the text's offsets, with their logits, row-major `[tokens, outputs]`. */
export interface WindowLogits {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly logits: Float32Array;
}

/** Keeps the tokens the window answers for and moves them to the text's offsets. */
export function ownLogits(
  { window, encoding }: TokenizedWindow,
  logits: Float32Array,
  width: number,
): WindowLogits {
  const shift = window.contextStart;
  const kept: number[] = [];
  for (let i = 0; i < encoding.ids.length; i++) {
    const start = encoding.starts[i]! + shift;
    if (encoding.special[i] === 0 && start >= window.start && start < window.end) kept.push(i);
  }
  const tokenLogits = new Float32Array(kept.length * width);
  kept.forEach((i, row) => tokenLogits.set(logits.subarray(i * width, (i + 1) * width), row * width));
  return {
    starts: Int32Array.from(kept, (i) => encoding.starts[i]! + shift),
    ends: Int32Array.from(kept, (i) => encoding.ends[i]! + shift),
    logits: tokenLogits,
  };
}

/** The same with calibrated probabilities. */
export function scoreWindow(
  tokenized: TokenizedWindow,
  logits: Float32Array,
  settings: PredictionSettings,
): ScoredWindow {
  const width = settings.decoding.outputs.length;
  const { starts, ends, logits: own } = ownLogits(tokenized, logits, width);
  const probabilities =
    settings.activation === 'softmax' ? softmax(own, width) : calibrate(own, settings.calibration);
  return { window: tokenized.window, tokens: { starts, ends, probabilities } };
}

/**
 * Entities of whole texts, in reading order; windows of all the texts share batches.
 * @param onShare is told after every window how much of the whole is scored, up to 1
 */
export async function predictTexts(
  texts: readonly string[],
  predictor: Predictor,
  signal?: AbortSignal,
  onShare?: (share: number) => void,
): Promise<Entity[][]> {
  const windows = texts.flatMap((text, note) =>
    tokenizeWindows(text, predictor).map((tokenized) => ({ ...tokenized, note })),
  );
  const perNote = texts.map((): ScoredWindow[] => []);
  let done = 0;
  for await (const { index, scored } of scoreWindows(windows, predictor, signal)) {
    perNote[windows[index]!.note]!.push(scored);
    onShare?.(++done / windows.length);
  }
  return texts.map((text, note) => {
    const scored = perNote[note]!.sort((a, b) => a.window.start - b.window.start);
    const entities = scored.flatMap(({ tokens }) =>
      decodeEntities(text, tokens, predictor.settings.decoding),
    );
    return joinSeams(text, entities, predictor.settings.decoding.scheme);
  });
}

/** Indices in batches of like length and about 1,024 tokens, the shortest first. */
export function batchesByLength(lengths: readonly number[]): number[][] {
  const order = lengths.map((_, index) => index);
  order.sort((a, b) => lengths[a]! - lengths[b]!);
  const batches: number[][] = [];
  for (const index of order) {
    const batch = batches.at(-1);
    if (batch && (batch.length + 1) * lengths[index]! <= BATCH_TOKENS) batch.push(index);
    else batches.push([index]);
  }
  return batches;
}
