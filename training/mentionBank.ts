import type { MarkedNote } from '../src/core/corpus/inlineMarkup';
import type { MentionBank } from './augment/mentions';
import { bankKey, loneMentions } from './augment/mentions';

/** Longer mentions are sentences, and tell of their note. UTF-16 units. */
const LONGEST = 60;

/** Mentions of the notes by the labels they carry, and those of the lexicon, which carry one label each. */
export function mentionBank(
  notes: readonly MarkedNote[],
  terms: ReadonlyMap<string, readonly string[]>,
): MentionBank {
  const bank = new Map<string, string[]>();
  const add = (key: string, words: readonly string[]): void => {
    const list = bank.get(key) ?? [];
    bank.set(key, list);
    list.push(...words);
  };
  for (const note of notes) {
    for (const { start, end, key } of loneMentions(note)) {
      const words = note.text.slice(start, end);
      if (words.length < LONGEST && !words.includes('\n')) add(key, [words]);
    }
  }
  for (const [label, words] of terms) add(bankKey([label]), words);
  return bank;
}
