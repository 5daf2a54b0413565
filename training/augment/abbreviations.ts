import type { MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Rng } from '../../src/core/ports';
import type { Edit } from '../../src/core/text/edit';
import { chance, pick } from './chance';
import { folded } from './letters';
import { rewrite } from './rewrite';

const wordCharacter = /[\p{L}\p{N}]/u;
const shortWords = /(?<![\p{L}\p{N}_])\p{L}[\p{L}\p{N}_]{0,5}(?![\p{L}\p{N}_])/gu;

/** Short forms and what they stand for. */
export class Abbreviations {
  private readonly written = new Map<string, string[]>();
  private readonly shortened = new Map<string, string>();

  constructor(pairs: readonly (readonly [short: string, long: string])[]) {
    for (const [short, long] of pairs) {
      this.written.set(short, [...(this.written.get(short) ?? []), long]);
      this.shortened.set(folded(long), short);
    }
  }

  /**
   * Writes some short forms out, and the reverse, as whole words. A short form is told by its capitals, as it stands
   * in the list. Where a long one holds a smaller mention it stays.
   */
  exchange(note: MarkedNote, rng: Rng, rate = 0.3): MarkedNote {
    return rewrite(note, [...this.writeOut(note, rng, rate / 2), ...this.shorten(note, rng, rate)]);
  }

  private writeOut({ text }: MarkedNote, rng: Rng, rate: number): Edit[] {
    const capitals = text === text.toUpperCase();
    return [...text.matchAll(shortWords)].flatMap(({ index: start, 0: short }): Edit[] => {
      const written = this.written.get(short);
      if (!written || !chance(rate, rng)) return [];
      const long = pick(written, rng);
      return [{ start, end: start + short.length, text: capitals ? long.toUpperCase() : long }];
    });
  }

  private shorten({ text }: MarkedNote, rng: Rng, rate: number): Edit[] {
    const plain = folded(text);
    return [...this.shortened].flatMap(([long, short]) =>
      wholeWords(plain, long).flatMap((start): Edit[] =>
        chance(rate, rng) ? [{ start, end: start + long.length, text: short }] : [],
      ),
    );
  }
}

/** Where `words` stand in a text with no letter or digit beside them. */
function wholeWords(text: string, words: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
    const [before, after] = [text[at - 1] ?? '', text[at + words.length] ?? ''];
    if (!wordCharacter.test(before) && !wordCharacter.test(after)) found.push(at);
  }
  return found;
}
