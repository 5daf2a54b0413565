import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Rng } from '../../src/core/ports';
import { randomBelow } from '../../src/core/random';
import { chance, pick } from './chance';
import { folded, inCapitalsOf } from './letters';
import { rewrite } from './rewrite';
import { editsOf } from './typing';

/** A time of day, or any other number that no letter stands before. */
const numbers = /(?<![\p{L}0-9])[0-9]{1,2}[:h][0-5][0-9](?![0-9])|(?<!\p{L})[0-9]+/giu;

/** Other numbers of the same length, half of them with the same first digit; sometimes the other decimal mark. */
export function values(note: MarkedNote, rng: Rng, rate = 0.5): MarkedNote {
  const edits = editsOf(note.text, numbers, rate, rng, (found) =>
    /[:h]/i.test(found) ? otherTime(found, rng) : otherNumber(found, rng),
  );
  const marks = chance(0.2, rng)
    ? editsOf(note.text, /(?<=[0-9])[.,](?=[0-9])/g, 1, rng, (mark) => (mark === ',' ? '.' : ','))
    : [];
  return rewrite(note, [...edits, ...marks]);
}

function otherTime(time: string, rng: Rng): string {
  const [hours, mark] = [time.slice(0, -3), time.at(-3)!];
  const other = String(randomBelow(24, rng)).padStart(hours.length, '0');
  return `${other}${mark}${String(randomBelow(60, rng)).padStart(2, '0')}`;
}

/** Zeros stay, so that 0,9 is not 7,9 nor 100 a 137. */
function otherNumber(digits: string, rng: Rng): string {
  const other = Array.from(digits, (digit, i) => {
    if (digit === '0') return '0';
    return i === 0 ? String(1 + randomBelow(9, rng)) : String(randomBelow(10, rng));
  });
  if (digits.length > 1 && chance(0.5, rng)) other[0] = digits[0]!;
  return other.join('');
}

/** Words of a closed list, such as drugs or first names, that take each other's place. */
export class Exchangeable {
  private readonly known: ReadonlySet<string>;

  constructor(private readonly words: readonly string[]) {
    this.known = new Set(words.map(folded));
  }

  /** Exchanges those that stand within spans of `label`, each with probability `rate`. */
  exchange(note: MarkedNote, label: string, rng: Rng, rate: number): MarkedNote {
    const edits = wordsWithin(note, label).flatMap(({ start, end }) => {
      const word = note.text.slice(start, end);
      const drawn = this.known.has(folded(word)) && chance(rate, rng);
      return drawn ? [{ start, end, text: inCapitalsOf(word, pick(this.words, rng)) }] : [];
    });
    return rewrite(note, edits);
  }
}

/** Words of two letters and more inside spans of a label, each once. */
function wordsWithin({ text, spans }: MarkedNote, label: string): { start: number; end: number }[] {
  const found = new Map<number, { start: number; end: number }>();
  for (const span of spans) {
    if (span.label !== label) continue;
    for (const { index, 0: word } of text.slice(span.start, span.end).matchAll(/\p{L}{2,}/gu)) {
      const start = span.start + index;
      found.set(start, { start, end: start + word.length });
    }
  }
  return [...found.values()];
}
