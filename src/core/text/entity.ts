import type { Utf16 } from './offsets';

/** A half-open stretch of a text, in UTF-16 code units. */
export interface Span {
  readonly start: Utf16;
  readonly end: Utf16;
}

/** A labelled span with the model's calibrated confidence in [0, 1]. */
export interface Entity extends Span {
  readonly label: string;
  readonly score: number;
}

/** Reading order: by start, the longer span first, then by label. */
export function compareSpans(a: Span & { label?: string }, b: Span & { label?: string }): number {
  return a.start - b.start || b.end - a.end || compareLabels(a.label ?? '', b.label ?? '');
}

/** By code units: the same on every machine, and without loading a locale's collation. */
export function compareLabels(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
