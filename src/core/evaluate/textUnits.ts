import type { Annotation } from '../corpus/document';
import type { Counts } from './rates';

export type TextUnit = 'characters' | 'words';

/** Places of units in their text: half-open, UTF-16, in reading order, not overlapping. */
export interface Units {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A run of letters, digits and their marks; anything else that is no white space is a word by itself. */
const WORD = /[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;
/** Every code point, white space too: it lies inside entities of several words. */
const CHARACTER = /[^]/gu;

/** The units of a text, the same for every model whatever its tokenizer. */
export function textUnits(text: string, unit: TextUnit): Units {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { index, 0: match } of text.matchAll(unit === 'words' ? WORD : CHARACTER)) {
    starts.push(index);
    ends.push(index + match.length);
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

/**
 * Counts of each label over units: a unit has a label when it shares a character with an annotation of it, in gold
 * and in prediction. Annotations of one label that overlap count once; nothing of the text is left out.
 */
export function countUnits(
  units: Units,
  gold: readonly Annotation[],
  predicted: readonly Annotation[],
  labels: readonly string[],
): Counts[] {
  const [inGold, inPrediction] = [new Uint8Array(units.starts.length), new Uint8Array(units.starts.length)];
  return labels.map((label) => {
    cover(inGold.fill(0), units, gold, label);
    cover(inPrediction.fill(0), units, predicted, label);
    let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
    for (let i = 0; i < inGold.length; i++) {
      truePositives += inGold[i]! & inPrediction[i]!;
      falsePositives += inPrediction[i]! & ~inGold[i]!;
      falseNegatives += inGold[i]! & ~inPrediction[i]!;
    }
    return { truePositives, falsePositives, falseNegatives };
  });
}

function cover(covered: Uint8Array, units: Units, annotations: readonly Annotation[], label: string): void {
  for (const annotation of annotations) {
    if (annotation.label !== label) continue;
    for (const { start, end } of annotation.fragments) {
      const { first, after } = unitsWithin(units, start, end);
      covered.fill(1, first, after);
    }
  }
}

/** The units that share a character with a span, as a half-open range; none of an empty span. */
export function unitsWithin(
  units: Units,
  start: number,
  end: number,
): { readonly first: number; readonly after: number } {
  const first = firstEndingAfter(units, start);
  let after = first;
  while (start < end && after < units.starts.length && units.starts[after]! < end) after++;
  return { first, after };
}

function firstEndingAfter({ ends }: Units, offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
