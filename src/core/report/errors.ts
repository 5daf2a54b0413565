import type { Annotation } from '../corpus/document';
import type { Difference } from '../correct/differences';
import { asAnnotation, compareNote, isError } from '../correct/differences';
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

const KINDS: Readonly<Partial<Record<Difference['kind'], ErrorKind>>> = {
  label: 'wrong label',
  boundary: 'wrong boundary',
  both: 'wrong label and boundary',
  missed: 'missed',
  spurious: 'spurious',
};

/** A note's mistakes in reading order, as gold against predicted shows them in the editor (`compareNote`). */
export function noteErrors(gold: readonly LabelledSpan[], predicted: readonly ScoredSpan[]): NoteError[] {
  const source = new Map<Annotation | undefined, LabelledSpan>(
    [...gold].sort(compareSpans).map((span) => [asAnnotation(span), span]),
  );
  const annotations = [...source.keys()].filter((one) => one !== undefined);
  const { differences } = compareNote(annotations, [...predicted].sort(compareSpans));
  const errors = differences
    .filter(isError)
    .map(({ kind, gold: annotation, predicted: entity }): NoteError => {
      const span = source.get(annotation);
      return { kind: KINDS[kind]!, ...(span && { gold: span }), ...(entity && { predicted: entity }) };
    });
  return errors.sort((a, b) => compareSpans(placeOf(a), placeOf(b)));
}

/** Where a mistake is: at the gold entity, else at what was predicted. */
export function placeOf({ gold, predicted }: NoteError): LabelledSpan {
  return gold ?? predicted!;
}
