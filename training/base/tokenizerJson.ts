const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true } as const;
const regex = (characters: string): { Regex: string } => ({ Regex: characters });
const replace = (pattern: { Regex: string }, content: string): object => ({
  type: 'Replace',
  pattern,
  content,
});
const special = (id: string): object => ({ SpecialToken: { id, type_id: 0 } });
const sequence = (id: string): object => ({ Sequence: { id, type_id: 0 } });

const invisible = '[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]';
const blanks =
  '[\u0009\u000a\u000c\u000d\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd]';

/**
 * The tokenizer.json of SentencePiece's Unigram pieces. The original's table of characters is written as a few
 * replacements around NFKC, which differ from it in two of its 4,837 entries (U+FF5E, U+1F23B).
 */
export function tokenizerJson(pieces: readonly (readonly [string, number])[]): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ['<s>', '<pad>', '</s>', '<unk>'].map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        replace(regex(invisible), ''),
        replace(regex(blanks), ' '),
        { type: 'NFKC' },
        replace(regex(' {2,}'), ' '),
      ],
    },
    pre_tokenizer: metaspace,
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('<s>'), sequence('A'), special('</s>')],
      pair: [special('<s>'), sequence('A'), special('</s>'), special('</s>'), sequence('B'), special('</s>')],
      special_tokens: {
        '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
        '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
      },
    },
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: 3, vocab: pieces, byte_fallback: false },
  };
}
