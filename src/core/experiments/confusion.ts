import type { Annotation } from '../corpus/document';
import type { Units } from '../evaluate/textUnits';
import { textUnits, unitsWithin } from '../evaluate/textUnits';

/**
 * Confusion between labels, `[gold][predicted]` over `labels` and, last, no label, in characters of the text. A
 * character that has a label on both sides counts on the diagonal; of the labels that only one side has, it counts each
 * pair once, or each with no label where the other side has none left.
 */
export function countConfusion(
  notes: readonly {
    readonly text: string;
    readonly gold: readonly Annotation[];
    readonly predicted: readonly Annotation[];
  }[],
  labels: readonly string[],
): number[][] {
  const matrix = Array.from({ length: labels.length + 1 }, () =>
    new Array<number>(labels.length + 1).fill(0),
  );
  for (const { text, gold, predicted } of notes) {
    const units = textUnits(text, 'characters');
    const [inGold, inPrediction] = [gold, predicted].map((spans) => labelsOfUnits(units, spans, labels));
    for (let unit = 0; unit < units.starts.length; unit++)
      addUnit(matrix, inGold![unit]!, inPrediction![unit]!);
  }
  return matrix;
}

/** The labels of each unit by their places in `labels`, each once. */
function labelsOfUnits(
  units: Units,
  annotations: readonly Annotation[],
  labels: readonly string[],
): number[][] {
  const found = Array.from(units.starts, (): number[] => []);
  for (const { label, fragments } of annotations) {
    const index = labels.indexOf(label);
    if (index < 0) continue;
    for (const { start, end } of fragments) {
      const { first, after } = unitsWithin(units, start, end);
      for (const own of found.slice(first, after)) if (!own.includes(index)) own.push(index);
    }
  }
  return found;
}

function addUnit(matrix: number[][], gold: readonly number[], predicted: readonly number[]): void {
  const none = matrix.length - 1;
  for (const label of gold) if (predicted.includes(label)) matrix[label]![label]!++;
  const missed = gold.filter((label) => !predicted.includes(label));
  const wrong = predicted.filter((label) => !gold.includes(label));
  if (gold.length === 0 && predicted.length === 0) matrix[none]![none]!++;
  if (missed.length === 0 && wrong.length === 0) return;
  for (const from of missed.length > 0 ? missed : [none])
    for (const to of wrong.length > 0 ? wrong : [none]) matrix[from]![to]!++;
}
