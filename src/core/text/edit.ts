import type { Entity, Span } from './entity';

/** The stretch `start..end` of a text gives way to `text`. Offsets are UTF-16, in the text before the edit. */
export interface Edit extends Span {
  readonly text: string;
}

/** Applies edits one after the other, each in the coordinates that the ones before it left. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce(
    (current, edit) => current.slice(0, edit.start) + edit.text + current.slice(edit.end),
    text,
  );
}

/** The stretch of a text that edits changed: `start..end` before them all gave way to `start..newEnd`. */
export interface ChangedStretch extends Span {
  readonly newEnd: number;
}

/** What edits, each in the coordinates that the ones before it left, changed between the first and the last of them. */
export function changedStretch(edits: readonly Edit[]): ChangedStretch | undefined {
  let changed: ChangedStretch | undefined;
  for (const edit of edits) {
    const { start, end, newEnd } = changed ?? { start: edit.start, end: edit.end, newEnd: edit.end };
    const grown = edit.text.length - (edit.end - edit.start);
    changed = {
      start: Math.min(start, edit.start),
      end: end + Math.max(0, edit.end - newEnd),
      newEnd: Math.max(newEnd, edit.end) + grown,
    };
  }
  return changed;
}

/** Where a span lies after an edit: it moves and stretches with its characters, and is gone when none is left. */
export function moveSpan<S extends Span>(span: S, edit: Edit): S | undefined {
  const shift = edit.text.length - (edit.end - edit.start);
  if (span.end <= edit.start) return span;
  if (span.start >= edit.end) return { ...span, start: span.start + shift, end: span.end + shift };
  const start = span.start < edit.start ? span.start : edit.start + edit.text.length;
  const end = span.end > edit.end ? span.end + shift : edit.start;
  // An edit inside the span belongs to it; one over its edge takes that edge away.
  const kept =
    span.start < edit.start && span.end > edit.end
      ? { start: span.start, end: span.end + shift }
      : { start, end };
  return kept.start < kept.end ? { ...span, ...kept } : undefined;
}

/** Entities after an edit, the marks a person sees until new predictions arrive. */
export function moveEntities(entities: readonly Entity[], edit: Edit): Entity[] {
  return entities.flatMap((entity) => moveSpan(entity, edit) ?? []);
}

/** Replaces what begins inside `range` by other entities, keeping reading order. */
export function replaceEntities(
  entities: readonly Entity[],
  range: Span,
  replacement: readonly Entity[],
): Entity[] {
  const from = firstAtOrAfter(entities, range.start);
  const to = firstAtOrAfter(entities, range.end);
  return [...entities.slice(0, from), ...replacement, ...entities.slice(to)];
}

/** Index of the first entity that starts at or after the offset; entities are in reading order. */
export function firstAtOrAfter(entities: readonly Entity[], offset: number): number {
  let low = 0;
  let high = entities.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entities[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
