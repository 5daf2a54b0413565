import { z } from 'zod';
import { bare, unsupportedStep } from './step';

const pattern = z.union([z.object({ String: z.string() }), z.object({ Regex: z.string() })]);

/** One step of the `normalizer`. */
export const normalizer = z.discriminatedUnion(
  'type',
  [
    bare('BertNormalizer').extend({
      clean_text: z.boolean().default(true),
      handle_chinese_chars: z.boolean().default(true),
      strip_accents: z.boolean().nullish(),
      lowercase: z.boolean().default(true),
    }),
    bare('Lowercase'),
    bare('NFC'),
    bare('NFD'),
    bare('NFKC'),
    bare('NFKD'),
    bare('Nmt'),
    bare('Precompiled').extend({ precompiled_charsmap: z.string().nullish() }),
    bare('Prepend').extend({ prepend: z.string() }),
    bare('Replace').extend({ pattern, content: z.string() }),
    bare('Strip').extend({ strip_left: z.boolean().default(true), strip_right: z.boolean().default(true) }),
    bare('StripAccents'),
  ],
  unsupportedStep('a normalizer'),
);

const behavior = z.enum(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);

/** One step of the `pre_tokenizer`. */
export const preTokenizer = z.discriminatedUnion(
  'type',
  [
    bare('BertPreTokenizer'),
    bare('ByteLevel').extend({
      add_prefix_space: z.boolean().default(false),
      use_regex: z.boolean().default(true),
    }),
    bare('Digits').extend({ individual_digits: z.boolean().default(false) }),
    bare('Metaspace').extend({
      replacement: z.string().default('▁'),
      prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
      /** The older spelling of prepend_scheme. */
      add_prefix_space: z.boolean().optional(),
      split: z.boolean().default(true),
    }),
    bare('Punctuation').extend({ behavior: behavior.default('Isolated') }),
    bare('Split').extend({ pattern, behavior, invert: z.boolean().default(false) }),
    bare('Whitespace'),
    bare('WhitespaceSplit'),
  ],
  unsupportedStep('a pre-tokenizer'),
);

export type NormalizerConfig = z.infer<typeof normalizer>;
export type PreTokenizerConfig = z.infer<typeof preTokenizer>;
export type PatternConfig = z.infer<typeof pattern>;
export type SplitBehavior = z.infer<typeof behavior>;
