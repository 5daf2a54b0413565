import type { GoldSpan, MarkedNote } from '../../src/core/corpus/inlineMarkup';
import type { Rng } from '../../src/core/ports';
import type { Edit } from '../../src/core/text/edit';
import { chance, pick } from './chance';
import { inCapitalsOf } from './letters';
import { rewrite } from './rewrite';

/** Mentions by the labels that they carry. */
export type MentionBank = ReadonlyMap<string, readonly string[]>;

/** A mention that overlaps no other, and the labels that it carries as a key of the bank. */
export interface LoneMention {
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

/** The key of labels in a bank. */
export function bankKey(labels: readonly string[]): string {
  return [...labels].sort().join('+');
}

/** Stretches of a note that carry one label or several and overlap no other mention. */
export function loneMentions({ spans }: { readonly spans: readonly GoldSpan[] }): LoneMention[] {
  return spans.flatMap(({ start, end }, i) => {
    const touching = spans.filter((other) => other.start < end && start < other.end);
    const alone = touching.every((other) => other.start === start && other.end === end);
    // The first of those that share a stretch stands for all.
    if (!alone || touching[0] !== spans[i]) return [];
    return [{ start, end, key: bankKey(touching.map(({ label }) => label)) }];
  });
}

/** Mentions that overlap no other exchanged for some that carry the same labels. */
export function mentions(note: MarkedNote, rng: Rng, bank: MentionBank, rate = 0.1): MarkedNote {
  const edits = loneMentions(note).flatMap(({ start, end, key }): Edit[] => {
    const choice = bank.get(key);
    if (!choice || choice.length === 0 || !chance(rate, rng)) return [];
    return [{ start, end, text: inCapitalsOf(note.text.slice(start, end), pick(choice, rng)) }];
  });
  return rewrite(note, edits);
}
