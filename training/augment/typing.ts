import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Rng } from '../../src/core/ports';
import { randomBelow } from '../../src/core/random';
import type { Edit } from '../../src/core/text/edit';
import { between, chance, pick } from './chance';
import { rewrite } from './rewrite';

/** Edits of what a pattern finds, each drawn with probability `rate`. */
export function editsOf(
  text: string,
  pattern: RegExp,
  rate: number,
  rng: Rng,
  replace: (found: string, start: number) => string,
): Edit[] {
  return [...text.matchAll(pattern)].flatMap(({ index, 0: found }) =>
    chance(rate, rng) ? [{ start: index, end: index + found.length, text: replace(found, index) }] : [],
  );
}

/** Slips of the fingers in words of four letters and more. */
export function slips(note: MarkedNote, rng: Rng, rate = 0.02): MarkedNote {
  return rewrite(
    note,
    editsOf(note.text, /\p{L}{4,}/gu, rate, rng, (word) => slip(word, rng)),
  );
}

/** Two letters swapped, one left out, doubled, or its neighbour on the keyboard hit; the first letter stays. */
export function slip(word: string, rng: Rng): string {
  const at = 1 + randomBelow(word.length - 2, rng);
  const [before, letter, after] = [word.slice(0, at), word[at]!, word.slice(at + 1)];
  const kind = rng();
  if (kind < 0.35) return before + after[0]! + letter + after.slice(1);
  if (kind < 0.65) return before + after;
  if (kind < 0.75) return before + letter + letter + after;
  const near = pick(neighbours.get(letter.toLowerCase()) ?? [letter], rng);
  return before + (letter === letter.toLowerCase() ? near : near.toUpperCase()) + after;
}

/** Keys beside each other on a Brazilian keyboard. */
const neighbours: ReadonlyMap<string, string[]> = new Map(
  ['qwertyuiop', 'asdfghjklç', 'zxcvbnm'].flatMap((row) =>
    [...row].map((key, i) => [key, [...row.slice(Math.max(0, i - 1), i), ...row.slice(i + 1, i + 2)]]),
  ),
);

const afterMark = /(?<=[,;:.]) (?=[\p{L}\p{N}_])/u;
const betweenWords = /(?<=[\p{L}\p{N}_]) (?=[\p{L}\p{N}_])/u;
const beforeSign = /(?<=[\p{L}\p{N}_])(?=[/+,])/u;
const beforeUnit = /(?<=\p{Nd}) ?(?=(?:mg|ml|g|cm|h|kg|bpm)(?![\p{L}\p{N}_]))/u;
const spaces = new RegExp(
  [afterMark, betweenWords, beforeSign, beforeUnit].map(({ source }) => source).join('|'),
  'gu',
);

/** Spaces lost after punctuation and before units, doubled between words, put before signs. */
export function spacing(note: MarkedNote, rng: Rng, rate = 0.05): MarkedNote {
  const edits = editsOf(note.text, spaces, rate, rng, (found, start) => {
    if (found === '') return ' ';
    return /[,;:.\p{Nd}]/u.test(note.text[start - 1]!) ? '' : '  ';
  });
  return rewrite(note, edits);
}

/** Lines run together, or blank lines between them, or sentences set on lines of their own. */
export function lineBreaks(note: MarkedNote, rng: Rng): MarkedNote {
  const kind = rng();
  if (kind < 0.45) return joinedLines(note, pick([' ', ' ', '  ', '. ', ' - '], rng));
  if (kind < 0.7)
    return rewrite(
      note,
      editsOf(note.text, /\n+/g, 1, rng, () => '\n\n'),
    );
  const share = between(0.1, 0.7, rng);
  return rewrite(
    note,
    editsOf(note.text, /(?<=\.) +/g, share, rng, () => '\n'),
  );
}

/** Within a mention a blank takes the place of a line break, never a mark. */
function joinedLines(note: MarkedNote, joint: string): MarkedNote {
  const edits = [...note.text.matchAll(/\s*\n\s*/g)].map(({ index: start, 0: found }) => {
    const end = start + found.length;
    const within = note.spans.some((span) => span.start < start && end < span.end);
    return { start, end, text: within ? ' ' : joint };
  });
  return rewrite(note, edits);
}

/** Lines broken in the middle of a sentence, as by a form of fixed width. */
export function oddBreaks(note: MarkedNote, rng: Rng, rate = 0.02): MarkedNote {
  return rewrite(
    note,
    editsOf(note.text, new RegExp(betweenWords, 'gu'), rate, rng, () => '\n'),
  );
}
