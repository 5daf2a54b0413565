import type { Edit } from '../alignedText';
import { type Normalizer, remove, replaceMatches } from './normalizer';

/** The Unicode normalisation forms (UAX #15). */
export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** ASCII is normalised in every form, but what follows may compose with its last character. */
const unstable = /[\0-\x7f]?[^\0-\x7f]+/gu;

/** A character with all that may compose with it: marks, Hangul vowels and finals, half-width voicing marks. */
const cluster = /[^](?:[\p{M}\u1160-\u11ff\uff9e\uff9f])*/gu;

/** Unicode normalisation; the units of a changed cluster stand for the whole cluster. */
export function unicodeForm(form: UnicodeForm): Normalizer {
  const changed = replaceMatches(cluster, (characters) => characters.normalize(form));
  return (text) => {
    if (text.normalize(form) === text) return [];
    return Array.from(text.matchAll(unstable)).flatMap(({ 0: run, index }) =>
      moved(exactly(run, form, changed(run).filter(isChange(run))), index),
    );
  };
}

const isChange = (text: string) => (edit: Edit) => text.slice(edit.start, edit.end) !== edit.text;

/** Should a script compose across our clusters, the run is replaced as a whole: coarser, but still right. */
function exactly(run: string, form: UnicodeForm, edits: readonly Edit[]): readonly Edit[] {
  const normal = run.normalize(form);
  return edited(run, edits) === normal ? edits : [{ start: 0, end: run.length, text: normal }];
}

function edited(text: string, edits: readonly Edit[]): string {
  let read = 0;
  let result = '';
  for (const edit of edits) {
    result += text.slice(read, edit.start) + edit.text;
    read = edit.end;
  }
  return result + text.slice(read);
}

const moved = (edits: readonly Edit[], by: number): Edit[] =>
  edits.map(({ start, end, text }) => ({ start: start + by, end: end + by, text }));

/** Lower case, one code point at a time as the reference does: a final Σ becomes σ, not ς. */
export const lowercase: Normalizer = replaceMatches(/\p{Changes_When_Lowercased}/gu, (character) =>
  character.toLowerCase(),
);

/** Deletes combining marks; the text should be decomposed first. */
export const stripAccents: Normalizer = remove(/\p{M}/gu);

/** Deletes white space at the ends. */
export function strip(left: boolean, right: boolean): Normalizer[] {
  return [
    ...(left ? [remove(/^\p{White_Space}+/gu)] : []),
    ...(right ? [remove(/(?<!\p{White_Space})\p{White_Space}+$/gu)] : []),
  ];
}
