import { asConfigured } from './asConfigured';
import type { CompactTokenizer } from './compact';
import type { Tokenizer } from './encoding';
import { TokenizerFileError } from './fileError';
import { pipelineOf, type TokenizerParts } from './fromJson';
import { withTables } from './models/fromConfig';
import { encodeWith } from './pipeline';
import {
  parseAddedTokens,
  parseTokenizerConfig,
  parseTokenizerJson,
  parseTokenizerSteps,
  type TokenizerConfig,
  type TokenizerJson,
  type TokenizerSteps,
} from './schema/files';
import { tokenizerJsonOf } from './vocabTxt';

/** A model folder's tokenizer files: either tokenizer.json or vocab.txt must be there. */
export interface TokenizerFiles {
  /** The parsed tokenizer.json. */
  readonly tokenizerJson?: unknown;
  /** What a cache keeps of the tokenizer.json, in its place. */
  readonly compact?: CompactTokenizer | undefined;
  /** The parsed tokenizer_config.json. */
  readonly tokenizerConfig?: unknown;
  /** The text of vocab.txt, read only if there is no tokenizer.json. */
  readonly vocabTxt?: string | undefined;
  /** The parsed added_tokens.json, which goes with a vocab.txt. */
  readonly addedTokens?: unknown;
}

export interface TokenizerOptions {
  /**
   * Whether a text's first word gets the ids it would get after a space. ModernBERT and mmBERT give "Dor" at the
   * start of a note other ids than " Dor" within it, and their files leave it so ('asFiles', the default); 'always'
   * treats every word alike, as token classification wants. Models whose words carry no space are not affected.
   */
  readonly prefixSpace?: 'asFiles' | 'always';
}

/**
 * Builds a tokenizer with the ids of the Python `tokenizers` library and offsets into the source text.
 *
 * Offsets are that library's under three rules, the same for every kind. Blanks (white space and invisible format
 * characters) are cut off a token's ends, so the "▁" or "Ġ" of a word never counts; a token of blanks alone is empty
 * at its end. A letter with its combining marks that Unicode normalisation rewrites counts as one character. Marks
 * that are dropped go to the token they follow. Where several tokens spell one character in bytes, each covers it.
 *
 * A lone surrogate is read as U+FFFD. Special tokens before the text stand at 0, those after it at its end.
 * Throws TokenizerFileError.
 */
export function loadTokenizer(files: TokenizerFiles, options: TokenizerOptions = {}): Tokenizer {
  const config = parseTokenizerConfig(files.tokenizerConfig);
  const parts = readParts(files, config);
  const prefixSpace = options.prefixSpace === 'always' || asksForPrefixSpace(parts.steps, config);
  const encode = encodeWith(pipelineOf(parts, prefixSpace));
  return { encode, padId: padId(parts.steps, config), modelMaxLength: maxLength(config) };
}

function readParts(files: TokenizerFiles, config: TokenizerConfig): TokenizerParts {
  const { compact } = files;
  if (compact)
    return { steps: parseTokenizerSteps(compact.steps), model: { type: 'BPE', tables: compact.tables } };
  const { model, ...steps } = readJson(files, config);
  return { steps: asConfigured(steps, config), model: withTables(model) };
}

function readJson(files: TokenizerFiles, config: TokenizerConfig): TokenizerJson {
  if (files.tokenizerJson !== undefined) return parseTokenizerJson(files.tokenizerJson);
  if (files.vocabTxt !== undefined)
    return tokenizerJsonOf(files.vocabTxt, config, parseAddedTokens(files.addedTokens));
  throw new TokenizerFileError('tokenizer.json', 'is missing, and there is no vocab.txt in its place');
}

/** transformers hands the configuration's add_prefix_space on to ByteLevel alone. */
function asksForPrefixSpace(steps: TokenizerSteps, { add_prefix_space }: TokenizerConfig): boolean {
  return add_prefix_space === true && steps.pre_tokenizer.some(({ type }) => type === 'ByteLevel');
}

/** Padding is masked, so where the files name none any id will do. */
function padId(steps: TokenizerSteps, config: TokenizerConfig): number {
  const contents = [config.pad_token, '[PAD]', '<pad>'];
  const added = contents.map((content) => steps.added_tokens.find((token) => token.content === content)?.id);
  return added.find((id) => id !== undefined) ?? steps.padding?.pad_id ?? 0;
}

/** transformers writes a huge number for "no limit". */
function maxLength({ model_max_length, max_len }: TokenizerConfig): number | undefined {
  const length = model_max_length ?? max_len;
  return length && length < 1e9 ? length : undefined;
}
