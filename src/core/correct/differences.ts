import type { Annotation } from '../corpus/document';
import type { Rates } from '../evaluate/rates';
import { rates } from '../evaluate/rates';
import type { Entity, Span } from '../text/entity';
import { compareSpans } from '../text/entity';
import type { Rejections } from './rejections';
import { isRejected } from './rejections';

/**
 * How gold and prediction stand to each other at one place:
 * - correct: the same place, the same label
 * - label: the same place, another label
 * - boundary: the same label, and an overlap
 * - both: an overlap, with another label
 * - missed: gold alone
 * - spurious: predicted alone
 * - rejected: predicted, and a person has said that it is none
 */
export type DifferenceKind = 'correct' | 'label' | 'boundary' | 'both' | 'missed' | 'spurious' | 'rejected';

/** One or both sides of a place in a note. An entity is on one difference at most, so that a pair is two errors. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly gold?: Annotation;
  readonly predicted?: Entity;
}

/** A note's differences in reading order, and its rates over whole entities (`strict` of `countEntities`). */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly rates: Rates;
}

/**
 * Compares a note's gold with a prediction. Pairs are found in the order of how much agrees: all, the place, the label,
 * anything; among several by how many characters are shared. A rejection hides no error of the model: rates count what it predicted.
 */
export function compareNote(
  gold: readonly Annotation[],
  predicted: readonly Entity[],
  rejections: Rejections = [],
): Comparison {
  const pairs: Difference[] = [];
  let golds = [...gold];
  let entities = [...predicted];
  for (const [kind, agree] of AGREEMENTS) {
    const found = pairUp(golds, entities, agree).map((pair) => ({ kind, ...pair }));
    pairs.push(...found);
    const taken = new Set<unknown>(found.flatMap(({ gold: one, predicted: other }) => [one, other]));
    golds = golds.filter((one) => !taken.has(one));
    entities = entities.filter((one) => !taken.has(one));
    if (kind === 'correct') entities = entities.filter((entity) => !isRejected(rejections, entity));
  }
  const accepted = new Set(
    pairs.flatMap(({ kind, predicted: one }) => (kind === 'correct' && one ? [one] : [])),
  );
  const refused = predicted.filter((entity) => isRejected(rejections, entity) && !accepted.has(entity));
  const differences: Difference[] = [
    ...pairs,
    ...golds.map((one): Difference => ({ kind: 'missed', gold: one })),
    ...entities.map((one): Difference => ({ kind: 'spurious', predicted: one })),
    ...refused.map((one): Difference => ({ kind: 'rejected', predicted: one })),
  ];
  differences.sort((a, b) => compareSpans(extent(a), extent(b)));
  const truePositives = accepted.size;
  const counts = {
    truePositives,
    falsePositives: predicted.length - truePositives,
    falseNegatives: gold.length - truePositives,
  };
  return { differences, rates: rates(counts) };
}

/** From the first to the last character that either side marks. */
export function extent({ gold, predicted }: Difference): { start: number; end: number } {
  const spans = [...(gold?.fragments ?? []), ...(predicted ? [predicted] : [])];
  return {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

/** What a person is asked to look at: everything but what agrees and what has been said no to. */
export function isError({ kind }: Difference): boolean {
  return kind !== 'correct' && kind !== 'rejected';
}

export function asAnnotation({ label, start, end }: Span & { readonly label: string }): Annotation {
  return { label, fragments: [{ start, end }] };
}

type Agreement = (gold: Annotation, predicted: Entity) => boolean;

const isSamePlace: Agreement = ({ fragments: [only, ...others] }, { start, end }) =>
  others.length === 0 && only!.start === start && only!.end === end;

const isSameLabel: Agreement = (gold, predicted) => gold.label === predicted.label;

const AGREEMENTS: readonly (readonly [DifferenceKind, Agreement])[] = [
  ['correct', (gold, predicted) => isSamePlace(gold, predicted) && isSameLabel(gold, predicted)],
  ['label', isSamePlace],
  ['boundary', isSameLabel],
  ['both', () => true],
];

/** Pairs of what overlaps and agrees, nobody in two of them, those that share most first. */
function pairUp(golds: readonly Annotation[], entities: readonly Entity[], agree: Agreement) {
  const near = overlapping(entities);
  const candidates = golds.flatMap((gold) =>
    near(gold).flatMap((predicted) => {
      const shared = agree(gold, predicted) ? sharedCharacters(gold, predicted) : 0;
      return shared > 0 ? [{ gold, predicted, shared }] : [];
    }),
  );
  candidates.sort((a, b) => b.shared - a.shared);
  const taken = new Set<Annotation | Entity>();
  return candidates.flatMap(({ gold, predicted }) => {
    if (taken.has(gold) || taken.has(predicted)) return [];
    taken.add(gold).add(predicted);
    return [{ gold, predicted }];
  });
}

/** Finds the entities between the ends of an annotation without looking at all of them. */
function overlapping(entities: readonly Entity[]): (gold: Annotation) => Entity[] {
  const byStart = [...entities].sort(compareSpans);
  let furthest = 0;
  // How far any entity up to here reaches: it only grows, so that those before a place are found by halves.
  const reaches = byStart.map(({ end }) => (furthest = Math.max(furthest, end)));
  return ({ fragments }) => {
    const [start, end] = [fragments[0]!.start, fragments.at(-1)!.end];
    const found: Entity[] = [];
    for (let i = firstGreater(reaches, start); i < byStart.length && byStart[i]!.start < end; i++)
      if (byStart[i]!.end > start) found.push(byStart[i]!);
    return found;
  };
}

function firstGreater(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sharedCharacters({ fragments }: Annotation, { start, end }: Entity): number {
  return fragments.reduce(
    (sum, fragment) => sum + Math.max(0, Math.min(end, fragment.end) - Math.max(start, fragment.start)),
    0,
  );
}
