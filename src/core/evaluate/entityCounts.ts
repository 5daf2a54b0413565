import type { Annotation } from '../corpus/document';
import { maximumMatching } from './matching';
import type { Counts } from './rates';

/**
 * The four ways of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013), after MUC-5, to say that an entity was found:
 * - strict: the same place and the same label
 * - exact: the same place, whatever the label
 * - partial: the same place counts 1, an overlap 0.5, whatever the label
 * - type: an overlap and the same label
 *
 * Each entity is matched with one at most, so that the credit of the whole note is the highest there is: overlapping
 * and nested entities never lose to the order in which they are looked at. A true positive is a unit of credit; false
 * positives and negatives are what is missing to the number of predicted and gold entities.
 */
export interface EntityCounts {
  /** Of each label. */
  readonly strict: Counts[];
  readonly exact: Counts;
  readonly partial: Counts;
  /** Of each label. */
  readonly type: Counts[];
}

/** Counts of one note. Annotations of other labels are left out; a discontinuous one is the same only where all its fragments are. */
export function countEntities(
  gold: readonly Annotation[],
  predicted: readonly Annotation[],
  labels: readonly string[],
): EntityCounts {
  const [golds, predictions] = [inOrder(gold, labels), inOrder(predicted, labels)];
  const perLabel = labels.map((label): [Placed[], Placed[]] => [
    golds.filter((one) => one.label === label),
    predictions.filter((one) => one.label === label),
  ]);
  return {
    strict: perLabel.map(([a, b]) => counts(samePlaces(a, b).pairs, a, b)),
    exact: counts(samePlaces(golds, predictions).pairs, golds, predictions),
    partial: counts(partialCredit(golds, predictions), golds, predictions),
    type: perLabel.map(([a, b]) => counts(maximumMatching(overlapping(a, b), b.length), a, b)),
  };
}

interface Placed extends Annotation {
  readonly start: number;
  readonly end: number;
  readonly place: string;
}

function inOrder(annotations: readonly Annotation[], labels: readonly string[]): Placed[] {
  const wanted = new Set(labels);
  const placed = annotations
    .filter(({ label }) => wanted.has(label))
    .map((annotation) => ({
      ...annotation,
      start: annotation.fragments[0]!.start,
      end: annotation.fragments.at(-1)!.end,
      place: annotation.fragments.map(({ start, end }) => `${start}-${end}`).join(),
    }));
  return placed.sort((a, b) => a.start - b.start);
}

function counts(credit: number, golds: readonly Placed[], predictions: readonly Placed[]): Counts {
  return {
    truePositives: credit,
    falsePositives: predictions.length - credit,
    falseNegatives: golds.length - credit,
  };
}

/**
 * Pairs of the same place come first: where an optimal matching has two such entities with other partners, pairing
 * them, and their partners where they overlap, loses nothing. What is left has only halves to gain.
 */
function partialCredit(golds: readonly Placed[], predictions: readonly Placed[]): number {
  const { pairs, goldsLeft, predictionsLeft } = samePlaces(golds, predictions);
  return pairs + maximumMatching(overlapping(goldsLeft, predictionsLeft), predictionsLeft.length) / 2;
}

/** As many pairs of the same place as there are, and what has no partner. */
function samePlaces(golds: readonly Placed[], predictions: readonly Placed[]) {
  const waiting = new Map<string, number>();
  for (const { place } of golds) waiting.set(place, (waiting.get(place) ?? 0) + 1);
  const take = (from: Map<string, number>, place: string): boolean => {
    const left = from.get(place) ?? 0;
    if (left > 0) from.set(place, left - 1);
    return left > 0;
  };
  const predictionsLeft = predictions.filter(({ place }) => !take(waiting, place));
  return {
    pairs: predictions.length - predictionsLeft.length,
    // `waiting` now counts the golds of each place that found no partner.
    goldsLeft: golds.filter(({ place }) => take(waiting, place)),
    predictionsLeft,
  };
}

/** For each gold entity, the predictions that share a character with it; both in order of their starts. */
function overlapping(golds: readonly Placed[], predictions: readonly Placed[]): number[][] {
  return golds.map((gold) => {
    const found: number[] = [];
    for (let i = 0; i < predictions.length && predictions[i]!.start < gold.end; i++) {
      if (predictions[i]!.end > gold.start && share(gold, predictions[i]!)) found.push(i);
    }
    return found;
  });
}

function share(a: Annotation, b: Annotation): boolean {
  return a.fragments.some((one) =>
    b.fragments.some((other) => Math.max(one.start, other.start) < Math.min(one.end, other.end)),
  );
}
