import { TokenizerFileError } from './fileError';
import { parseTokenizerJson, type TokenizerConfig, type TokenizerJson } from './schema/files';

/**
 * The tokenizer.json that transformers' BertTokenizer (version 5) makes of a vocab.txt: lower case and stripped
 * accents unless the tokenizer_config.json says otherwise. `added` are tokens besides, by their text.
 * Throws TokenizerFileError.
 */
export function tokenizerJsonOf(
  vocabTxt: string,
  config: TokenizerConfig,
  added: Readonly<Record<string, number>> = {},
): TokenizerJson {
  const vocab = readVocabulary(vocabTxt);
  const named = {
    unk: config.unk_token ?? '[UNK]',
    sep: config.sep_token ?? '[SEP]',
    pad: config.pad_token ?? '[PAD]',
    cls: config.cls_token ?? '[CLS]',
    mask: config.mask_token ?? '[MASK]',
  };
  if (!vocab.has(named.unk)) throw new TokenizerFileError('vocab.txt', `has no line ${named.unk}`);
  const ids = new Map(vocab);
  for (const token of Object.values(named)) if (!ids.has(token)) ids.set(token, ids.size);
  return parseTokenizerJson({
    added_tokens: [
      ...[...new Set(Object.values(named))].map((content) => ({
        id: ids.get(content),
        content,
        normalized: false,
      })),
      ...Object.entries(added).flatMap(([content, id]) => (ids.has(content) ? [] : [{ id, content }])),
    ],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'BertProcessing',
      cls: [named.cls, ids.get(named.cls)],
      sep: [named.sep, ids.get(named.sep)],
    },
    model: { type: 'WordPiece', vocab: Object.fromEntries(vocab), unk_token: named.unk },
  });
}

/** One token a line, its number the id; of equal lines the last counts, as in the reference. */
function readVocabulary(vocabTxt: string): ReadonlyMap<string, number> {
  const lines = vocabTxt.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return new Map(lines.map((token, id) => [token, id]));
}
