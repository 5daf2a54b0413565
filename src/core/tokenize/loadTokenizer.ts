import { addedTokenSplitter } from './addedTokens';
import { alignToSource } from './alignedText';
import type { Tokenizer } from './encoding';
import { TokenizerFileError } from './fileError';
import { safeCuts } from './models/bpe';
import { byteLevel } from './models/byteLevel';
import { modelOf } from './models/fromConfig';
import type { PieceModel } from './models/pieces';
import { normalizersOf } from './normalize/fromConfig';
import { normalize, type Normalizer, prepend } from './normalize/normalizer';
import { encodeWith } from './pipeline';
import { preTokenizersOf } from './preTokenize/fromConfig';
import { type PreTokenizer, splitAt } from './preTokenize/preToken';
import { remember } from './remember';
import {
  parseTokenizerConfig,
  parseTokenizerJson,
  type PreTokenizerConfig,
  type TokenizerConfig,
  type TokenizerJson,
} from './schema';
import { templateOf } from './template';
import { tokenizerJsonOf } from './vocabTxt';

/** Notes repeat their words, in UTF-16 units; longer stretches seldom come twice. */
const longestRemembered = 64;

/** A model folder's tokenizer files: either tokenizer.json or vocab.txt must be there. */
export interface TokenizerFiles {
  /** The parsed tokenizer.json. */
  readonly tokenizerJson?: unknown;
  /** The parsed tokenizer_config.json. */
  readonly tokenizerConfig?: unknown;
  /** The text of vocab.txt, read only if there is no tokenizer.json. */
  readonly vocabTxt?: string | undefined;
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
 * Offsets are the library's with one rule on top, the same for every kind: white space at a token's ends is cut off
 * (the "▁" or "Ġ" of a word never counts; a token of white space alone is empty, start = end), and a combining mark
 * that normalisation dropped or composed goes to the token it follows. Pieces of one character's bytes each cover
 * the character. A lone surrogate is read as U+FFFD. Special tokens before the text are at 0, those after at its end.
 *
 * Throws TokenizerFileError.
 */
export function loadTokenizer(files: TokenizerFiles, options: TokenizerOptions = {}): Tokenizer {
  const config = parseTokenizerConfig(files.tokenizerConfig);
  const json = readJson(files, config);
  const always = options.prefixSpace === 'always' || config.add_prefix_space === true;
  const { normalizers, preTokenizers } = textSteps(json, always);
  const encode = encodeWith({
    normalizers,
    preTokenizers,
    model: wordModel(json),
    ...addedTokenSplitters(json, json.normalizer.flatMap(normalizersOf)),
    template: templateOf(json.post_processor),
  });
  return { encode, padId: padId(json, config), modelMaxLength: maxLength(config) };
}

function readJson(files: TokenizerFiles, config: TokenizerConfig): TokenizerJson {
  if (files.tokenizerJson !== undefined) return parseTokenizerJson(files.tokenizerJson);
  if (files.vocabTxt !== undefined) return tokenizerJsonOf(files.vocabTxt, config);
  throw new TokenizerFileError('tokenizer.json', 'is missing, and there is no vocab.txt in its place');
}

/** Normalizers and pre-tokenizers, with the first word's space where it is to be added. */
function textSteps(json: TokenizerJson, prefixSpace: boolean) {
  const takesSpace = (step: PreTokenizerConfig) => step.type === 'ByteLevel' || step.type === 'Metaspace';
  const steps = json.pre_tokenizer.map((step) =>
    prefixSpace && takesSpace(step)
      ? { ...step, ...{ add_prefix_space: true, prepend_scheme: 'always' as const } }
      : step,
  );
  const spaceIsText = prefixSpace && json.model.type === 'BPE' && !steps.some(takesSpace);
  const normalizers = json.normalizer.flatMap(normalizersOf);
  return {
    normalizers: spaceIsText ? [prepend(' ', (text) => text.startsWith(' ')), ...normalizers] : normalizers,
    preTokenizers: [...steps.flatMap(preTokenizersOf), ...cuts(json)],
  };
}

/** Keeps the cost linear, and the words few enough to remember, where the files leave a text in one piece. */
function cuts({ model, pre_tokenizer }: TokenizerJson): PreTokenizer[] {
  if (model.type !== 'BPE' || pre_tokenizer.some(({ type }) => type === 'ByteLevel')) return [];
  const places = safeCuts(model);
  return places === undefined ? [] : [splitAt(places, 'Isolated')];
}

function wordModel({ model, pre_tokenizer }: TokenizerJson): PieceModel {
  const at = pre_tokenizer.findIndex(({ type }) => type === 'ByteLevel');
  if (at >= 0 && at < pre_tokenizer.length - 1) {
    throw new TokenizerFileError(
      'tokenizer.json',
      'pre_tokenizer: ByteLevel is supported only as the last step',
    );
  }
  const pieces = at < 0 ? modelOf(model) : byteLevel(modelOf(model));
  const known = remember(pieces);
  return (word) => (word.length <= longestRemembered ? known(word) : pieces(word));
}

/** Tokens are searched for in the raw text, or, where they ask for it, normalised in the normalised text. */
function addedTokenSplitters({ added_tokens }: TokenizerJson, normalizers: readonly Normalizer[]) {
  const normalised = (content: string) =>
    normalize(alignToSource(content, 0, content.length), normalizers).text;
  return {
    splitSource: addedTokenSplitter(added_tokens.filter((token) => !token.normalized)),
    splitNormalised: addedTokenSplitter(
      added_tokens
        .filter((token) => token.normalized)
        .map((token) => ({ ...token, content: normalised(token.content) })),
    ),
  };
}

/** Padding is masked, so where the files name none any id will do. */
function padId(json: TokenizerJson, config: TokenizerConfig): number {
  const contents = [config.pad_token, '[PAD]', '<pad>'];
  const added = contents.map((content) => json.added_tokens.find((token) => token.content === content)?.id);
  return added.find((id) => id !== undefined) ?? json.padding?.pad_id ?? 0;
}

/** transformers writes a huge number for "no limit". */
function maxLength({ model_max_length: length }: TokenizerConfig): number | undefined {
  return length && length < 1e9 ? length : undefined;
}
