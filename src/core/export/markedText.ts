import type { Entity } from '../text/entity';

/** How a mark looks: what is put before and after the words of an entity. */
export interface Marking {
  open(label: string): string;
  close(label: string): string;
}

/**
 * The text with its entities marked in place: `com [edema em [MMII]ANA]DIS`. Entities that cross are closed and
 * opened again, so that the marks always nest.
 */
export function markText(text: string, entities: readonly Entity[], marking: Marking): string {
  const places = [...new Set(entities.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const pieces: string[] = [];
  let open: Entity[] = [];
  let last = 0;
  for (const place of places) {
    pieces.push(text.slice(last, place));
    last = place;
    const outermost = open.findIndex((entity) => entity.end === place);
    const closed = outermost < 0 ? [] : open.slice(outermost);
    pieces.push(...[...closed].reverse().map(({ label }) => marking.close(label)));
    const reopened = closed.filter((entity) => entity.end > place);
    const starting = [...reopened, ...entities.filter((entity) => entity.start === place)];
    starting.sort((a, b) => b.end - a.end);
    pieces.push(...starting.map(({ label }) => marking.open(label)));
    open = [...open.slice(0, open.length - closed.length), ...starting];
  }
  return pieces.join('') + text.slice(last);
}
