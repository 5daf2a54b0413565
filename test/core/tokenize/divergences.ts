/** Where we knowingly differ from Python's `tokenizers` 0.23.3. */
export interface Divergence {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly affects: (text: string) => boolean;
  /** Whether only offsets differ. */
  readonly idsEqual: boolean;
  /** What our tokens cover. */
  readonly examples: readonly { readonly text: string; readonly covered: readonly string[] }[];
}

export const divergences: readonly Divergence[] = [
  {
    // Its tables are of Unicode 8: what came later is neither punctuation nor mark to it.
    name: 'punctuation newer than the library’s Unicode tables',
    kinds: ['wordpiece-cased', 'wordpiece-uncased', 'vocab-cased', 'vocab-accents', 'vocab-bare'],
    affects: (text) => text.includes('\u2e43'),
    idsEqual: false,
    examples: [{ text: 'dor\u2e43peito', covered: ['dor', '\u2e43', 'p', 'e', 'i', 'to'] }],
  },
  {
    name: 'accents newer than the library’s Unicode tables',
    kinds: ['wordpiece-uncased', 'vocab-bare'],
    affects: (text) => text.includes('\u1df6'),
    idsEqual: false,
    examples: [{ text: 'a\u1df6b', covered: ['a\u1df6b'] }],
  },
  {
    name: 'compatibility characters newer than the library’s Unicode tables',
    kinds: ['unigram-e5', 'unigram-first', 'anamnese-default'],
    affects: (text) => text.includes('\u{1fbf3}'),
    idsEqual: false,
    examples: [{ text: 'x\u{1fbf3}', covered: ['x', 'x', '\u{1fbf3}'] }],
  },
  {
    // Each deleted character moves the library's later offsets one to the left.
    name: 'offsets after a character that the charsmap deletes',
    kinds: ['unigram'],
    affects: (text) => /[\x01\x02\x07\x1b\x1f\x7f]/.test(text),
    idsEqual: true,
    examples: [{ text: '\x01\x02a\x1fb\x7f', covered: ['a', 'a\x1fb'] }],
  },
];
