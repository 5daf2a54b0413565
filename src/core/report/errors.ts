import { overlaps as sharesWords } from '../predict/decode';
import type { Span } from '../text/entity';
import { compareSpans } from '../text/entity';

/** What went wrong with an entity. */
export const ERROR_KINDS = ['missed', 'spurious', 'wrong label', 'wrong boundary'] as const;
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
 * A note's mistakes in reading order. Equal spans with equal labels are right. Of what is left, an entity and a
 * prediction that share characters are one mistake: first those of one label (wrong boundary), then those of different
 * ones (wrong label), equal spans and the larger overlap first. Each belongs to one mistake at most.
 */
export function noteErrors(gold: readonly LabelledSpan[], predicted: readonly ScoredSpan[]): NoteError[] {
  const open = { gold: new Set(gold), predicted: new Set(predicted) };
  takePairs(open, (a, b) => a.label === b.label && a.start === b.start && a.end === b.end);
  const boundaries = takePairs(open, (a, b) => a.label === b.label && sharesWords(a, b));
  const labels = takePairs(open, (a, b) => a.label !== b.label && sharesWords(a, b));
  const errors: NoteError[] = [
    ...boundaries.map((pair) => ({ kind: 'wrong boundary' as const, ...pair })),
    ...labels.map((pair) => ({ kind: 'wrong label' as const, ...pair })),
    ...[...open.gold].map((one) => ({ kind: 'missed' as const, gold: one })),
    ...[...open.predicted].map((one) => ({ kind: 'spurious' as const, predicted: one })),
  ];
  return errors.sort((a, b) => compareSpans(placeOf(a), placeOf(b)));
}

interface Pair {
  readonly gold: LabelledSpan;
  readonly predicted: ScoredSpan;
}

/** Takes pairs that belong together out of what is open, the closest first. */
function takePairs(
  open: { readonly gold: Set<LabelledSpan>; readonly predicted: Set<ScoredSpan> },
  belong: (gold: LabelledSpan, predicted: ScoredSpan) => boolean,
): Pair[] {
  const candidates = [...open.gold].flatMap((gold) =>
    [...open.predicted]
      .filter((predicted) => belong(gold, predicted))
      .map((predicted) => ({ gold, predicted, distance: distance(gold, predicted) })),
  );
  candidates.sort((a, b) => a.distance - b.distance);
  return candidates.flatMap(({ gold, predicted }) => {
    if (!open.gold.has(gold) || !open.predicted.has(predicted)) return [];
    open.gold.delete(gold);
    open.predicted.delete(predicted);
    return [{ gold, predicted }];
  });
}

/** Characters that one has and the other has not. */
function distance(a: LabelledSpan, b: LabelledSpan): number {
  return Math.abs(a.start - b.start) + Math.abs(a.end - b.end);
}

/** Where a mistake is: at the gold entity, else at what was predicted. */
export function placeOf({ gold, predicted }: NoteError): LabelledSpan {
  return gold ?? predicted!;
}
