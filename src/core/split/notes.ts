import type { CorpusDocument } from '../corpus/document';

/** SHA-256 of a text's UTF-8 bytes, hexadecimal. */
export type Sha256 = (text: string) => string;

/** A note as a split sees it: one text, whoever annotated it and however often. */
export interface SplitNote {
  readonly key: string;
  /** Labels that any of its annotators marked, each once. */
  readonly labels: readonly string[];
  /** Notes that share one of these stay together. */
  readonly groups: readonly string[];
}

const KEY_LENGTH = 16;

/**
 * What a note is known by in a split file: 64 bits of the SHA-256 of its text. Line breaks count as `\n`, so that a
 * checkout that changes them changes no key.
 */
export function noteKey(text: string, sha256: Sha256): string {
  return sha256(text.replaceAll(/\r\n?/g, '\n')).slice(0, KEY_LENGTH);
}

/** The notes of a corpus in order of their keys, so that a split does not depend on how files were read. */
export function splitNotes(documents: readonly CorpusDocument[], sha256: Sha256): SplitNote[] {
  const notes = new Map<string, { labels: Set<string>; groups: Set<string> }>();
  for (const { text, annotations, group } of documents) {
    const key = noteKey(text, sha256);
    const note = notes.get(key) ?? { labels: new Set(), groups: new Set() };
    notes.set(key, note);
    for (const { label } of annotations) note.labels.add(label);
    if (group !== undefined) note.groups.add(group);
  }
  return [...notes]
    .map(([key, { labels, groups }]) => ({ key, labels: [...labels].sort(), groups: [...groups] }))
    .sort(byKey);
}

export function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : Number(a.key > b.key);
}

/** The unit of each note, numbered by first appearance: notes that share a group, directly or through others, share a unit. */
export function unitsOfNotes(notes: readonly SplitNote[]): { unitOf: Int32Array; units: number } {
  const parents = Int32Array.from({ length: notes.length }, (_, note) => note);
  if (notes.every(({ groups }) => groups.length === 0)) return { unitOf: parents, units: notes.length };
  const root = (note: number): number => {
    while (parents[note] !== note) note = parents[note] = parents[parents[note]!]!;
    return note;
  };
  const firstOf = new Map<string, number>();
  for (const [note, { groups }] of notes.entries()) {
    for (const group of groups) {
      const first = firstOf.get(group);
      if (first === undefined) firstOf.set(group, note);
      else union(parents, root(first), root(note));
    }
  }
  const unitOf = new Int32Array(notes.length);
  let units = 0;
  for (let note = 0; note < notes.length; note++) {
    const first = root(note);
    unitOf[note] = first === note ? units++ : unitOf[first]!;
  }
  return { unitOf, units };
}

/** The earlier note is the root, so that a unit is numbered by its first note. */
function union(parents: Int32Array, a: number, b: number): void {
  parents[Math.max(a, b)] = Math.min(a, b);
}
