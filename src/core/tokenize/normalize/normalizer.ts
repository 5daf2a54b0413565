import { type AlignedText, applyEdits, type Edit } from '../alignedText';

/**
 * One step of normalisation, told as the edits it makes to a text.
 * A normalizer that inserts does so by replacing a neighbour, so that each unit keeps a source range.
 */
export type Normalizer = (text: string) => readonly Edit[];

/** Applies the normalizers in order, keeping every unit aligned with the source. */
export function normalize(aligned: AlignedText, normalizers: readonly Normalizer[]): AlignedText {
  return normalizers.reduce((result, normalizer) => applyEdits(result, normalizer(result.text)), aligned);
}

/** Replaces each non-empty match of a global pattern. */
export function replaceMatches(pattern: RegExp, replacement: (match: string) => string): Normalizer {
  return (text) => {
    const edits: Edit[] = [];
    for (const { 0: match, index } of text.matchAll(pattern)) {
      if (match !== '') edits.push({ start: index, end: index + match.length, text: replacement(match) });
    }
    return edits;
  };
}

/** Replaces each non-empty match by a text that stands for the match's last character, as in the reference. */
export function replaceAtLast(pattern: RegExp, replacement: string): Normalizer {
  return (text) => {
    const edits: Edit[] = [];
    for (const { 0: match, index } of text.matchAll(pattern)) {
      if (match === '') continue;
      const end = index + match.length;
      const last = end - Array.from(match).at(-1)!.length;
      if (index < last) edits.push({ start: index, end: last, text: '' });
      edits.push({ start: last, end, text: replacement });
    }
    return edits;
  };
}

/** Deletes each match of a global pattern. */
export const remove = (pattern: RegExp): Normalizer => replaceMatches(pattern, () => '');

/** Puts a prefix before the text, unless it is empty or there already; the prefix shares the first character's range. */
export function prepend(prefix: string, unless: (text: string) => boolean = () => false): Normalizer {
  return (text) => {
    if (text === '' || unless(text)) return [];
    const first = String.fromCodePoint(text.codePointAt(0)!);
    return [{ start: 0, end: first.length, text: prefix + first }];
  };
}
