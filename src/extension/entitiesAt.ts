import type { Entity } from '../core/text/entity';

/** Entities over an offset, the longest first. */
export function entitiesAt(entities: readonly Entity[], offset: number): Entity[] {
  return entities
    .filter((entity) => entity.start <= offset && offset < entity.end)
    .sort((a, b) => b.end - b.start - (a.end - a.start) || b.score - a.score);
}
