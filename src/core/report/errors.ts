import type { Span } from '../text/entity';
import { compareSpans } from '../text/entity';

/** What went wrong with an entity. `wrong label and boundary`: an overlap that agrees in neither. */
export const ERROR_KINDS = [
  'missed',
  'spurious',
  'wrong label',
  'wrong boundary',
  'wrong label and boundary',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** A span of a note with its label, in UTF-16 units. */
export interface LabelledSpan extends Span {
  readonly label: string;
}

/** A predicted span with the model's confidence, 0 to 1. */
export interface ScoredSpan extends LabelledSpan {
  readonly score: number;
}

/** One mistake; a missed entity has no `predicted`, a spurious one no `gold`. */
export interface NoteError {
  readonly kind: ErrorKind;
  readonly gold?: LabelledSpan;
  readonly predicted?: ScoredSpan;
}

/**
 * A note's mistakes in reading order, as gold against predicted shows them in the editor. Equal spans with equal labels
 * are right. Of what is left, an entity and a prediction are one mistake that have the same place, else the same label
 * and an overlap, else an overlap alone; those that share the most characters first, nobody in two mistakes.
 */
export function noteErrors(gold: readonly LabelledSpan[], predicted: readonly ScoredSpan[]): NoteError[] {
  const open = { gold: [...gold].sort(compareSpans), predicted: [...predicted].sort(compareSpans) };
  takePairs(open, (a, b) => isSamePlace(a, b) && a.label === b.label);
  const labels = takePairs(open, isSamePlace);
  const boundaries = takePairs(open, (a, b) => a.label === b.label);
  const both = takePairs(open, () => true);
  const errors: NoteError[] = [
    ...labels.map((pair) => ({ kind: 'wrong label' as const, ...pair })),
    ...boundaries.map((pair) => ({ kind: 'wrong boundary' as const, ...pair })),
    ...both.map((pair) => ({ kind: 'wrong label and boundary' as const, ...pair })),
    ...open.gold.map((one) => ({ kind: 'missed' as const, gold: one })),
    ...open.predicted.map((one) => ({ kind: 'spurious' as const, predicted: one })),
  ];
  return errors.sort((a, b) => compareSpans(placeOf(a), placeOf(b)));
}

function isSamePlace(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

interface Pair {
  readonly gold: LabelledSpan;
  readonly predicted: ScoredSpan;
}

/** Takes overlapping pairs that belong together out of what is open. */
function takePairs(
  open: { gold: LabelledSpan[]; predicted: ScoredSpan[] },
  belong: (gold: LabelledSpan, predicted: ScoredSpan) => boolean,
): Pair[] {
  const candidates = open.gold.flatMap((gold) =>
    open.predicted
      .map((predicted) => ({ gold, predicted, shared: sharedCharacters(gold, predicted) }))
      .filter(({ predicted, shared }) => shared > 0 && belong(gold, predicted)),
  );
  candidates.sort((a, b) => b.shared - a.shared);
  const taken = new Set<LabelledSpan>();
  const pairs = candidates.flatMap(({ gold, predicted }) => {
    if (taken.has(gold) || taken.has(predicted)) return [];
    taken.add(gold).add(predicted);
    return [{ gold, predicted }];
  });
  open.gold = open.gold.filter((one) => !taken.has(one));
  open.predicted = open.predicted.filter((one) => !taken.has(one));
  return pairs;
}

function sharedCharacters(a: Span, b: Span): number {
  return Math.min(a.end, b.end) - Math.max(a.start, b.start);
}

/** Where a mistake is: at the gold entity, else at what was predicted. */
export function placeOf({ gold, predicted }: NoteError): LabelledSpan {
  return gold ?? predicted!;
}
