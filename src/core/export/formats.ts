import { stringify } from 'csv-stringify/sync';
import type { Entity } from '../text/entity';
import { offsetMap } from '../text/offsets';

/** A note with its entities; offsets in UTF-16, converted to code points by every writer here. */
export interface AnnotatedNote {
  readonly file: string;
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** One line a note: `{"file", "model", "entities": [{"start", "end", "label", "score", "text"}]}`. */
export function toJsonl(note: AnnotatedNote, model: string): string {
  const { toCodePoint } = offsetMap(note.text);
  const entities = note.entities.map(({ start, end, label, score }) => ({
    start: toCodePoint(start),
    end: toCodePoint(end),
    label,
    score: round(score),
    text: note.text.slice(start, end),
  }));
  return JSON.stringify({ file: note.file, model, entities }) + '\n';
}

/** One doccano record: `{"text", "label": [[start, end, label], …]}`. */
export function toDoccano(note: AnnotatedNote): string {
  const { toCodePoint } = offsetMap(note.text);
  const label = note.entities.map((entity) => [
    toCodePoint(entity.start),
    toCodePoint(entity.end),
    entity.label,
  ]);
  return JSON.stringify({ text: note.text, label }) + '\n';
}

/**
 * The `.ann` of BRAT standoff. BRAT labels have no spaces: `Concepts & Ideas` becomes `Concepts_and_Ideas`. An
 * entity over a line break is written as one fragment a line, as BRAT asks; confidences go into notes (`#`).
 */
export function toBrat(note: AnnotatedNote): string {
  const { toCodePoint } = offsetMap(note.text);
  return note.entities
    .map((entity, index) => {
      const pieces = lines(note.text, entity.start, entity.end);
      const offsets = pieces.map(([start, end]) => `${toCodePoint(start)} ${toCodePoint(end)}`).join(';');
      const surface = pieces.map(([start, end]) => note.text.slice(start, end)).join(' ');
      const id = index + 1;
      const confidence = `#${id}\tAnnotatorNotes T${id}\tconfidence ${round(entity.score)}\n`;
      return `T${id}\t${bratLabel(entity.label)} ${offsets}\t${surface}\n${confidence}`;
    })
    .join('');
}

/** A table of entities, one a row, with a header; fields are quoted as RFC 4180 asks. */
export function toCsv(notes: readonly AnnotatedNote[]): string {
  const rows = notes.flatMap((note) => {
    const { toCodePoint } = offsetMap(note.text);
    return note.entities.map(({ start, end, label, score }) => [
      note.file,
      toCodePoint(start),
      toCodePoint(end),
      label,
      round(score),
      note.text.slice(start, end),
    ]);
  });
  return stringify([['file', 'start', 'end', 'label', 'score', 'text'], ...rows]);
}

/** A label as BRAT can hold it: no white space, `&` spelt out. */
export function bratLabel(label: string): string {
  return label.replaceAll('&', 'and').replace(/\s+/g, '_');
}

function round(score: number): number {
  return Math.round(score * 1e4) / 1e4;
}

/** The stretches of `start..end` between line breaks, blank ones left out. */
function lines(text: string, start: number, end: number): [number, number][] {
  const pieces: [number, number][] = [];
  for (const match of text.slice(start, end).matchAll(/[^\r\n]+/g)) {
    if (match[0].trim() === '') continue;
    pieces.push([start + match.index, start + match.index + match[0].length]);
  }
  return pieces;
}
