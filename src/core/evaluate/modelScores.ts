import type { Entity } from '../text/entity';
import { decodeEntities, joinSeams } from '../predict/decode';
import type { Predictor, ScoredWindow } from '../predict/predictor';
import { scoreWindow, tokenizeWindows } from '../predict/predictor';
import type { PredictionSettings } from '../predict/settings';
import type { Encoding } from '../tokenize/encoding';
import { STUDY_LENGTH, truncate } from './tokenRows';

/** Everything an encoder said of a note, from which all three views are made. */
export interface NoteScores {
  readonly text: string;
  /** Windows in reading order: every token of the text once, probabilities calibrated. */
  readonly windows: readonly ScoredWindow[];
  /** The note as the study reads it: in one piece, truncated, its tokens where the tokenizer library says. */
  readonly paper: {
    readonly encoding: Encoding;
    /** Of its tokens and, where padding was computed, of the padding behind them. */
    readonly logits: Float32Array;
    /** What the note is truncated and padded to, in tokens. */
    readonly length: number;
    /** Tokens that truncation cut off. */
    readonly cut: number;
  };
}

/** An encoder that computes what the study's does: texts padded to one length, padding hidden from attention. */
export interface PaddedClassifier {
  /** `STUDY_LENGTH`, or the encoder's longest input where that is shorter. */
  readonly length: number;
  /** Logits of all positions, those of the padding too, `[length, labels]`. */
  logits(ids: Int32Array): Promise<Float32Array>;
}

/**
 * Runs each text once in windows and once as the study reads it: padded, where `padded` is given, else without
 * padding, which a note of one window has been already. Stops between notes on abort.
 */
export async function* scoreNotes(
  texts: readonly string[],
  predictor: Predictor,
  padded?: PaddedClassifier,
  signal?: AbortSignal,
): AsyncGenerator<NoteScores> {
  for (const text of texts) {
    signal?.throwIfAborted();
    yield await scoreNote(text, predictor, padded);
  }
}

async function scoreNote(
  text: string,
  predictor: Predictor,
  padded: PaddedClassifier | undefined,
): Promise<NoteScores> {
  const { classifier, tokenizer, settings } = predictor;
  const tokenized = tokenizeWindows(text, predictor);
  const logits = await classifier.logits(tokenized.map(({ encoding }) => encoding.ids));
  const windows = tokenized.map((window, i) => scoreWindow(window, logits[i]!, settings));
  const whole = tokenizer.encode(text, 'library');
  const length = padded?.length ?? Math.min(STUDY_LENGTH, settings.maxTokens);
  const encoding = truncate(whole, length);
  const cut = whole.ids.length - encoding.ids.length;
  const alone = async (): Promise<Float32Array> =>
    tokenized.length === 1 && cut === 0 ? logits[0]! : (await classifier.logits([encoding.ids]))[0]!;
  const paper = padded ? await padded.logits(encoding.ids) : await alone();
  return { text, windows, paper: { encoding, logits: paper, length, cut } };
}

/** The entities of a scored note under any settings, as `predictTexts` finds them. */
export function entitiesOf({ text, windows }: NoteScores, { decoding }: PredictionSettings): Entity[] {
  return joinSeams(
    text,
    windows.flatMap(({ tokens }) => decodeEntities(text, tokens, decoding)),
    decoding.scheme,
  );
}
