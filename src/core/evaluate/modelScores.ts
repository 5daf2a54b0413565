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
  /** The note as the study reads it: in one piece, truncated. */
  readonly paper: {
    readonly encoding: Encoding;
    readonly logits: Float32Array;
    /** Tokens that truncation cut off. */
    readonly cut: number;
  };
}

/** The length that notes are truncated and padded to: the study's, or the encoder's longest input where that is shorter. */
export function paperLength({ maxTokens }: PredictionSettings): number {
  return Math.min(STUDY_LENGTH, maxTokens);
}

/** Runs each text once in windows and, where it is longer than one, once truncated. Stops between notes on abort. */
export async function* scoreNotes(
  texts: readonly string[],
  predictor: Predictor,
  signal?: AbortSignal,
): AsyncGenerator<NoteScores> {
  for (const text of texts) {
    signal?.throwIfAborted();
    yield await scoreNote(text, predictor);
  }
}

async function scoreNote(text: string, predictor: Predictor): Promise<NoteScores> {
  const { classifier, tokenizer, settings } = predictor;
  const tokenized = tokenizeWindows(text, predictor);
  const logits = await classifier.logits(tokenized.map(({ encoding }) => encoding.ids));
  const windows = tokenized.map((window, i) => scoreWindow(window, logits[i]!, settings));
  const whole = tokenizer.encode(text);
  const encoding = truncate(whole, paperLength(settings));
  const cut = whole.ids.length - encoding.ids.length;
  // A note that is one window has been read in one piece already.
  const alreadyRead = tokenized.length === 1 && cut === 0;
  const paper = alreadyRead ? logits[0]! : (await classifier.logits([encoding.ids]))[0]!;
  return { text, windows, paper: { encoding, logits: paper, cut } };
}

/** The entities of a scored note under any settings, as `predictTexts` finds them. */
export function entitiesOf({ text, windows }: NoteScores, { decoding }: PredictionSettings): Entity[] {
  return joinSeams(
    text,
    windows.flatMap(({ tokens }) => decodeEntities(text, tokens, decoding)),
    decoding.scheme,
  );
}
