/** A text without case, accents and differences of blanks, with the place of every unit in the text it was made of. */
export interface FoldedText {
  readonly text: string;
  /** Of each unit of the folded text, `[length]`, where in the source it begins and ends (UTF-16). */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Folds a text. An accent that stands as a sign of its own belongs to the letter before it. */
export function foldText(source: string): FoldedText {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of source.matchAll(/\s+|\P{M}\p{M}*|\p{M}+/gu)) {
    const folded = /^\s/.test(match[0]) ? ' ' : foldLetter(match[0]);
    for (const unit of folded.split('')) {
      text += unit;
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
  }
  return { text, starts, ends };
}

/** Words as `foldText` would have them, without blanks at their ends. */
export function foldWords(words: string): string {
  return foldText(words).text.trim();
}

function foldLetter(letter: string): string {
  return letter.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
