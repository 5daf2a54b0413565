import type { Entity, Span } from './entity';

/**
 * The entity after (1) or before (-1) a selection, going round at the ends of the note; undefined where there is none.
 * A cursor, which is an empty selection, stands before the entity that begins at it. Entities are in reading order.
 */
export function neighbourOf<E extends Entity>(entities: readonly E[], at: Span, step: 1 | -1): E | undefined {
  const isCursor = at.start === at.end;
  if (step > 0) {
    const inside = (e: Span): boolean => e.start === at.start && (isCursor || e.end < at.end);
    return entities.find((e) => e.start > at.start || inside(e)) ?? entities[0];
  }
  const around = (e: Span): boolean => e.start === at.start && !isCursor && e.end > at.end;
  return entities.findLast((e) => e.start < at.start || around(e)) ?? entities.at(-1);
}
