import type { Span } from '../text/entity';
import type { LabelledSpan } from './errors';

/** Parts of a run's split, by whose place `PlacedNotes.splits` tells them. */
export const SPLIT_PARTS = ['train', 'validation', 'test'] as const;
export type SplitPart = (typeof SPLIT_PARTS)[number];

/** The `notes` block, as JSON: every note of the corpus, and in which part each split has it. */
export interface PlacedNotes {
  readonly notes: readonly {
    readonly id: string;
    /** Each label that the note has, at its first place in it. */
    readonly labels: readonly LabelledSpan[];
  }[];
  /** By the split as `ReportRun.split` names it: a character a note, the place in `SPLIT_PARTS` or `-` of none. */
  readonly splits: Readonly<Record<string, string>>;
}

/** A note that has a label. */
export interface NoteOfPart {
  readonly id: string;
  readonly part: SplitPart;
  /** Where it first has it. */
  readonly place: Span;
}

/** Notes of a part of a split, or of all of its parts, that have a label; undefined where the split is not known. */
export function notesOfPart(
  { notes, splits }: PlacedNotes,
  split: string,
  part: string | undefined,
  label: string,
): NoteOfPart[] | undefined {
  const places = splits[split];
  if (places === undefined) return undefined;
  return notes.flatMap(({ id, labels }, i) => {
    const own = SPLIT_PARTS[Number(places[i])];
    const place = labels.find((one) => one.label === label);
    return place && own && (part === undefined || part === own) ? [{ id, part: own, place }] : [];
  });
}

/** The first place of each label. */
export function firstPlaces(spans: readonly LabelledSpan[]): LabelledSpan[] {
  const first = new Map<string, LabelledSpan>();
  for (const span of spans) {
    const known = first.get(span.label);
    if (!known || span.start < known.start) first.set(span.label, span);
  }
  return [...first.values()];
}
