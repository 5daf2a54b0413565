import type { CorpusDocument } from '../../corpus/document';
import { truncate } from '../../evaluate/tokenRows';
import type { TokenClassifier } from '../../ports';
import type { ScoredTokens } from '../../predict/decode';
import type { Calibration } from '../../predict/calibration';
import { calibrate } from '../../predict/calibration';
import type { Predictor, WindowLogits } from '../../predict/predictor';
import { batchesByLength, ownLogits, tokenizeWindows } from '../../predict/predictor';
import type { Encoding } from '../../tokenize/encoding';

/** A note with what an encoder said of it, window by window in reading order: every token of the text once. */
export interface NoteLogits {
  readonly document: CorpusDocument;
  readonly windows: readonly WindowLogits[];
}

/** Reads notes as prediction does. Each text is run once, however many annotators marked it. */
export async function noteLogits(
  documents: readonly CorpusDocument[],
  predictor: Predictor,
  signal?: AbortSignal,
): Promise<NoteLogits[]> {
  const width = predictor.settings.decoding.outputs.length;
  const texts = [...new Set(documents.map(({ text }) => text))];
  const windows = texts.flatMap((text) =>
    tokenizeWindows(text, predictor).map((tokenized) => ({ text, tokenized })),
  );
  const ids = windows.map(({ tokenized }) => tokenized.encoding.ids);
  const logits = await logitsOf(ids, predictor.classifier, signal);
  const ofText = new Map<string, WindowLogits[]>(texts.map((text) => [text, []]));
  for (const [i, { text, tokenized }] of windows.entries())
    ofText.get(text)!.push(ownLogits(tokenized, logits[i]!, width));
  return documents.map((document) => ({ document, windows: ofText.get(document.text)! }));
}

/** A note as the study reads it: in one piece, truncated to `length` tokens. */
export interface TruncatedNote {
  readonly document: CorpusDocument;
  readonly encoding: Encoding;
  readonly logits: Float32Array;
}

export async function truncatedLogits(
  documents: readonly CorpusDocument[],
  { tokenizer, classifier }: Pick<Predictor, 'tokenizer' | 'classifier'>,
  length: number,
  signal?: AbortSignal,
): Promise<TruncatedNote[]> {
  const encodings = documents.map(({ text }) => truncate(tokenizer.encode(text), length));
  const logits = await logitsOf(
    encodings.map(({ ids }) => ids),
    classifier,
    signal,
  );
  return documents.map((document, i) => ({ document, encoding: encodings[i]!, logits: logits[i]! }));
}

/** Probabilities of a note's windows. */
export function scoredTokens({ windows }: NoteLogits, calibration: Calibration): ScoredTokens[] {
  return windows.map(({ starts, ends, logits }) => ({
    starts,
    ends,
    probabilities: calibrate(logits, calibration),
  }));
}

/** Logits in the order of `ids`, run in batches of like length. Stops between batches on abort. */
async function logitsOf(
  ids: readonly Int32Array[],
  classifier: TokenClassifier,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const results = new Array<Float32Array>(ids.length);
  for (const batch of batchesByLength(ids.map(({ length }) => length))) {
    signal?.throwIfAborted();
    const logits = await classifier.logits(batch.map((i) => ids[i]!));
    for (const [k, i] of batch.entries()) results[i] = logits[k]!;
  }
  return results;
}
