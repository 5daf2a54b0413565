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
  for (const [i, place] of places.entries()) {
    pieces.push(text.slice(last, place));
    last = place;
    const outermost = open.findIndex((entity) => entity.end === place);
    const closed = outermost < 0 ? [] : open.slice(outermost);
    pieces.push(...[...closed].reverse().map(({ label }) => marking.close(label)));
    const reopened = closed.filter((entity) => entity.end > place);
    const starting = [...reopened, ...entities.filter((entity) => entity.start === place)];
    starting.sort((a, b) => b.end - a.end);
    // What a crossing cut goes on at its next word, not at the white space before it.
    const onlyReopened = reopened.length > 0 && reopened.length === starting.length;
    const blank = onlyReopened ? /^\s*/.exec(text.slice(place, places[i + 1]))![0] : '';
    pieces.push(blank, ...starting.map(({ label }) => marking.open(label)));
    last += blank.length;
    open = [...open.slice(0, open.length - closed.length), ...starting];
  }
  return pieces.join('') + text.slice(last);
}
