import { z } from 'zod';
import { bare, unsupportedStep } from './step';

// Vocabularies run to hundreds of thousands of entries: look at their shape, not at every one.
const vocabulary = z.custom<Record<string, number>>(
  (value) => isRecord(value) && typeof firstValue(value) === 'number',
  'must map tokens to ids and not be empty',
);
const scoredVocabulary = z.custom<[string, number][]>(
  (value) => Array.isArray(value) && Array.isArray(value[0]) && typeof value[0][1] === 'number',
  'must list [piece, score] pairs and not be empty',
);
const merges = z.custom<string[] | [string, string][]>(Array.isArray, 'must be a list of merges');
const absent = z.literal(['', null], 'is not supported').optional();

/** The `model`. */
export const model = z.preprocess(
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

function firstValue(record: Readonly<Record<string, unknown>>): unknown {
  for (const key in record) return record[key];
  return undefined;
}

/** Files of the library's first versions do not name the model's type. */
function withModelType(value: unknown): unknown {
  if (!isRecord(value) || 'type' in value) return value;
  const type = 'merges' in value ? 'BPE' : Array.isArray(value.vocab) ? 'Unigram' : 'WordPiece';
  return { ...value, type };
}

export type ModelConfig = z.infer<typeof model>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
