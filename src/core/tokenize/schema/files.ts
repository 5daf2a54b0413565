import { z } from 'zod';
import { TokenizerFileError } from '../fileError';
import { model } from './model';
import { postProcessor } from './postProcessor';
import { steps } from './step';
import { normalizer, preTokenizer } from './textSteps';

const addedToken = z.object({
  id: z.number().int(),
  content: z.string(),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
});

const tokenizerSteps = z.object({
  added_tokens: z.array(addedToken).default([]),
  normalizer: steps('normalizers', normalizer),
  pre_tokenizer: steps('pretokenizers', preTokenizer),
  post_processor: steps('processors', postProcessor),
  padding: z.object({ pad_id: z.number().int() }).nullish(),
});

const tokenizerJson = tokenizerSteps.extend({ model });

/** A special token is written as its text or as an object with its text and flags. */
const tokenText = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);

const tokenizerConfig = z.object({
  tokenizer_class: z.string().nullish(),
  model_max_length: z.number().nullish(),
  /** What transformers called it before 2.9. */
  max_len: z.number().nullish(),
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

/** An added_tokens.json: tokens that a vocab.txt does not have, and their ids. */
const addedTokens = z.record(z.string(), z.int().min(0));

/** What we read of a tokenizer.json, its Sequences laid flat. */
export type TokenizerJson = z.infer<typeof tokenizerJson>;
/** The same without its `model`. */
export type TokenizerSteps = z.infer<typeof tokenizerSteps>;
/** What we read of a tokenizer_config.json. */
export type TokenizerConfig = z.infer<typeof tokenizerConfig>;
export type AddedToken = z.infer<typeof addedToken>;

/** Checks a parsed tokenizer.json. Throws TokenizerFileError. */
export const parseTokenizerJson = (value: unknown): TokenizerJson =>
  parse(tokenizerJson, 'tokenizer.json', value);

/** Checks a parsed tokenizer.json of which the `model` is kept elsewhere. Throws TokenizerFileError. */
export const parseTokenizerSteps = (value: unknown): TokenizerSteps =>
  parse(tokenizerSteps, 'tokenizer.json', value);

/** Checks a parsed tokenizer_config.json; a missing file reads as an empty one. Throws TokenizerFileError. */
export const parseTokenizerConfig = (value: unknown): TokenizerConfig =>
  parse(tokenizerConfig, 'tokenizer_config.json', value ?? {});

/** Checks a parsed added_tokens.json; a missing file reads as an empty one. Throws TokenizerFileError. */
export const parseAddedTokens = (value: unknown): Readonly<Record<string, number>> =>
  parse(addedTokens, 'added_tokens.json', value ?? {});

function parse<Output>(schema: z.ZodType<Output>, file: string, value: unknown): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new TokenizerFileError(file, path.length === 0 ? message : `${path.join('.')}: ${message}`);
}
