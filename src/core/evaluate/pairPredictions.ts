import type { Annotation, CorpusDocument } from '../corpus/document';

/** Predictions for the notes of gold, in gold's order. Nothing is dropped without a number to say so. */
export interface PairedPredictions {
  readonly annotations: readonly (readonly Annotation[])[];
  /** Gold notes for which there is no prediction: scored as if nothing had been found. */
  readonly missing: readonly string[];
  /** Predicted notes whose text is none of gold's. */
  readonly unknown: readonly string[];
}

/**
 * Finds the prediction of each note by its text. Where a text occurs several times among the predictions, its
 * occurrences answer for gold's in order, and the last one for whatever is left (one text, several annotators).
 */
export function pairPredictions(
  gold: readonly CorpusDocument[],
  predictions: readonly CorpusDocument[],
): PairedPredictions {
  const byText = new Map<string, CorpusDocument[]>();
  for (const one of predictions) byText.set(one.text, [...(byText.get(one.text) ?? []), one]);
  const missing: string[] = [];
  const annotations = gold.map(({ id, text }) => {
    const waiting = byText.get(text);
    if (!waiting) missing.push(id);
    const found = waiting && waiting.length > 1 ? waiting.shift() : waiting?.[0];
    return found?.annotations ?? [];
  });
  const texts = new Set(gold.map(({ text }) => text));
  const unknown = predictions.filter(({ text }) => !texts.has(text)).map(({ id }) => id);
  return { annotations, missing, unknown };
}
