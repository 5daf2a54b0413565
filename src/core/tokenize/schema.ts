import { z } from 'zod';
import { TokenizerFileError } from './fileError';

/** Nested Sequences of steps as one flat list; the file writes null for none. */
const steps = <Schema extends z.ZodType>(parts: string, step: Schema) =>
  z.preprocess((value) => flatten(value ?? [], parts), z.array(step));

function flatten(value: unknown, parts: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((part) => flatten(part, parts));
  const { type, [parts]: inner } = value as Record<string, unknown>;
  return type === 'Sequence' ? flatten(inner ?? [], parts) : [value];
}

const unsupportedStep = (kind: string) => ({
  error: (issue: { input?: unknown }) =>
    `${kind} of type ${JSON.stringify((issue.input as { type?: unknown } | undefined)?.type)} is not supported`,
});

const bare = <Type extends string>(type: Type) => z.object({ type: z.literal(type) });
const pattern = z.union([z.object({ String: z.string() }), z.object({ Regex: z.string() })]);

const normalizer = z.discriminatedUnion(
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

const preTokenizer = z.discriminatedUnion(
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

const namedToken = z.tuple([z.string(), z.number().int()]);

const postProcessor = z.discriminatedUnion(
  'type',
  [
    bare('BertProcessing').extend({ cls: namedToken, sep: namedToken }),
    bare('ByteLevel'),
    bare('RobertaProcessing').extend({ cls: namedToken, sep: namedToken }),
    bare('TemplateProcessing').extend({
      single: z.array(
        z.union([
          z.object({ SpecialToken: z.object({ id: z.string() }) }),
          z.object({ Sequence: z.object({ id: z.string() }) }),
        ]),
      ),
      special_tokens: z.record(z.string(), z.object({ ids: z.array(z.number().int()) })),
    }),
  ],
  unsupportedStep('a post-processor'),
);

// Vocabularies run to hundreds of thousands of entries: look at their shape, not at every one.
const vocabulary = z.custom<Record<string, number>>(
  (value) => isRecord(value) && typeof Object.values(value)[0] === 'number',
  'must map tokens to ids and not be empty',
);
const scoredVocabulary = z.custom<[string, number][]>(
  (value) => Array.isArray(value) && Array.isArray(value[0]) && typeof value[0][1] === 'number',
  'must list [piece, score] pairs and not be empty',
);
const merges = z.custom<string[] | [string, string][]>(Array.isArray, 'must be a list of merges');
const absent = z.literal(['', null], 'is not supported').optional();

const model = z.preprocess(
  withModelType,
  z.discriminatedUnion(
    'type',
    [
      bare('WordPiece').extend({
        vocab: vocabulary,
        unk_token: z.string().default('[UNK]'),
        continuing_subword_prefix: z.string().default('##'),
        max_input_chars_per_word: z.number().int().default(100),
      }),
      bare('BPE').extend({
        vocab: vocabulary,
        merges,
        unk_token: z.string().nullish(),
        fuse_unk: z.boolean().default(false),
        byte_fallback: z.boolean().default(false),
        ignore_merges: z.boolean().default(false),
        dropout: z.literal([0, null], 'makes tokens random; it must be null').optional(),
        continuing_subword_prefix: absent,
        end_of_word_suffix: absent,
      }),
      bare('Unigram').extend({
        vocab: scoredVocabulary,
        unk_id: z.number('must name the unknown piece').int(),
        byte_fallback: z.boolean().default(false),
      }),
    ],
    unsupportedStep('a model'),
  ),
);

/** Files of the library's first versions do not name the model's type. */
function withModelType(value: unknown): unknown {
  if (!isRecord(value) || 'type' in value) return value;
  const type = 'merges' in value ? 'BPE' : Array.isArray(value.vocab) ? 'Unigram' : 'WordPiece';
  return { ...value, type };
}

const addedToken = z.object({
  id: z.number().int(),
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
});

const tokenizerJson = z.object({
  added_tokens: z.array(addedToken).default([]),
  normalizer: steps('normalizers', normalizer),
  pre_tokenizer: steps('pretokenizers', preTokenizer),
  post_processor: steps('processors', postProcessor),
  padding: z.object({ pad_id: z.number().int() }).nullish(),
  model,
});

/** A special token is written as its text or as an object with its text and flags. */
const tokenText = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);

const tokenizerConfig = z.object({
  model_max_length: z.number().nullish(),
  add_prefix_space: z.boolean().nullish(),
  do_lower_case: z.boolean().nullish(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().nullish(),
  unk_token: tokenText.nullish(),
  sep_token: tokenText.nullish(),
  pad_token: tokenText.nullish(),
  cls_token: tokenText.nullish(),
  mask_token: tokenText.nullish(),
});

/** What we read of a tokenizer.json, its Sequences laid flat. */
export type TokenizerJson = z.infer<typeof tokenizerJson>;
/** What we read of a tokenizer_config.json. */
export type TokenizerConfig = z.infer<typeof tokenizerConfig>;
export type NormalizerConfig = z.infer<typeof normalizer>;
export type PreTokenizerConfig = z.infer<typeof preTokenizer>;
export type PostProcessorConfig = z.infer<typeof postProcessor>;
export type ModelConfig = z.infer<typeof model>;
export type AddedToken = z.infer<typeof addedToken>;
export type PatternConfig = z.infer<typeof pattern>;
export type SplitBehavior = z.infer<typeof behavior>;

/** Checks a parsed tokenizer.json. Throws TokenizerFileError. */
export const parseTokenizerJson = (value: unknown): TokenizerJson =>
  parse(tokenizerJson, 'tokenizer.json', value);

/** Checks a parsed tokenizer_config.json; a missing file reads as an empty one. Throws TokenizerFileError. */
export const parseTokenizerConfig = (value: unknown): TokenizerConfig =>
  parse(tokenizerConfig, 'tokenizer_config.json', value ?? {});

function parse<Output>(schema: z.ZodType<Output>, file: string, value: unknown): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new TokenizerFileError(file, path.length === 0 ? message : `${path.join('.')}: ${message}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
