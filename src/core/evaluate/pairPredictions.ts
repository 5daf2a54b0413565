import type { Annotation, CorpusDocument } from '../corpus/document';

/** Predictions for the notes of gold, in gold's order. Nothing is dropped without a number to say so. */
export interface PairedPredictions {
  readonly annotations: readonly (readonly Annotation[])[];
  /** Gold notes for which there is no prediction: scored as if nothing had been found. */
  readonly missing: readonly string[];
  /** Predicted notes whose text is none of gold's and not known either. */
  readonly unknown: readonly string[];
}

/**
 * Finds the prediction of each note by its text, line breaks of either kind being the same. Where a text occurs several
 * times among the predictions, its occurrences answer for gold's in order, and the last one for whatever is left (one
 * text, several annotators).
 * @param known texts that may be predicted without being scored now, such as those of other parts of a split
 */
export function pairPredictions(
  gold: readonly CorpusDocument[],
  predictions: readonly CorpusDocument[],
  known: readonly string[] = [],
): PairedPredictions {
  const byText = new Map<string, CorpusDocument[]>();
  for (const one of predictions) {
    const waiting = byText.get(keyOf(one.text));
    if (waiting) waiting.push(one);
    else byText.set(keyOf(one.text), [one]);
  }
  const missing: string[] = [];
  const annotations = gold.map(({ id, text }) => {
    const waiting = byText.get(keyOf(text));
    if (!waiting) missing.push(id);
    const found = waiting && waiting.length > 1 ? waiting.shift() : waiting?.[0];
    return found ? inText(found, text) : [];
  });
  const texts = new Set([...gold.map(({ text }) => text), ...known].map(keyOf));
  const unknown = predictions.filter(({ text }) => !texts.has(keyOf(text))).map(({ id }) => id);
  return { annotations, missing, unknown };
}

function keyOf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** The annotations in the offsets of a text that differs in its line breaks at most. */
function inText({ text: own, annotations }: CorpusDocument, text: string): readonly Annotation[] {
  if (own === text) return annotations;
  const [toShort, toLong] = [withoutReturns(own), withReturns(text)];
  const move = (offset: number): number => toLong[toShort[offset]!]!;
  return annotations.map((annotation) => ({
    ...annotation,
    fragments: annotation.fragments.map(({ start, end }) => ({ start: move(start), end: move(end) })),
  }));
}

/** Of each offset of a text, `[length + 1]`, where it is when every `\r\n` has become `\n`. */
function withoutReturns(text: string): Int32Array {
  const places = new Int32Array(text.length + 1);
  for (let i = 0; i < text.length; i++)
    places[i + 1] = places[i]! + (text[i] === '\r' && text[i + 1] === '\n' ? 0 : 1);
  return places;
}

/** The other way round: of each offset without returns, the first one in the text. */
function withReturns(text: string): Int32Array {
  const shortened = withoutReturns(text);
  const places = new Int32Array(shortened.at(-1)! + 1);
  for (let i = text.length; i >= 0; i--) places[shortened[i]!] = i;
  return places;
}
