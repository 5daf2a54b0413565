import type { Entity, Span } from './entity';
import { compareLabels } from './entity';

/** A stretch of text over which the same spans lie, the longest first; segments never overlap. */
export interface SegmentOf<S> extends Span {
  readonly entities: readonly S[];
}

export type Segment = SegmentOf<Entity>;

/**
 * Cuts overlapping and nested entities into segments, in reading order: what an editor can draw without mixing.
 * Entities are in reading order; cost grows with entities times their depth.
 */
export function segmentEntities(entities: readonly Entity[]): Segment[] {
  return segmentSpans(entities);
}

/** The same of any labelled spans in reading order. */
export function segmentSpans<S extends Span & { readonly label: string }>(
  entities: readonly S[],
): SegmentOf<S>[] {
  const places = [...new Set(entities.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const segments: SegmentOf<S>[] = [];
  let open: S[] = [];
  let next = 0;
  for (let i = 0; i + 1 < places.length; i++) {
    const [start, end] = [places[i]!, places[i + 1]!];
    open = open.filter((entity) => entity.end > start);
    while (next < entities.length && entities[next]!.start <= start) open.push(entities[next++]!);
    if (open.length === 0) continue;
    const longestFirst = [...open].sort(
      (a, b) => b.end - b.start - (a.end - a.start) || compareLabels(a.label, b.label),
    );
    segments.push({ start, end, entities: longestFirst });
  }
  return segments;
}
