import { addedTokenSplitter } from './addedTokens';
import { alignToSource } from './alignedText';
import { TokenizerFileError } from './fileError';
import { safeCuts } from './models/bpe';
import { byteLevel } from './models/byteLevel';
import { type Model, piecesOf } from './models/fromConfig';
import type { PieceModel } from './models/pieces';
import { normalizersOf } from './normalize/fromConfig';
import { normalize, type Normalizer, prepend } from './normalize/normalizer';
import type { Pipeline } from './pipeline';
import { prependScheme, preTokenizersOf } from './preTokenize/fromConfig';
import { type PreTokenizer, splitAt } from './preTokenize/preToken';
import { remember } from './remember';
import type { TokenizerSteps } from './schema/files';
import type { PreTokenizerConfig } from './schema/textSteps';
import { templateOf } from './template';

/** Notes repeat their words, in UTF-16 units; longer stretches seldom come twice. */
const longestRemembered = 64;

/** What a tokenizer is made of: a tokenizer.json, its model ready to use. */
export interface TokenizerParts {
  readonly steps: TokenizerSteps;
  readonly model: Model;
}

/** The pipeline of a tokenizer.json; `prefixSpace` forces a space before a text's first word. Throws TokenizerFileError. */
export function pipelineOf(parts: TokenizerParts, prefixSpace: boolean): Pipeline {
  const { normalizer, post_processor } = parts.steps;
  const normalizers = normalizer.flatMap(normalizersOf);
  return {
    ...addedTokenSplitters(parts.steps, normalizers),
    ...textSteps(parts, normalizers, prefixSpace),
    model: wordModel(parts),
    template: templateOf(post_processor),
    trimsOffsets: post_processor.some((step) => 'trim_offsets' in step && step.trim_offsets),
  };
}

/** Normalizers and pre-tokenizers, with the first word's space where it is to be added. */
function textSteps(parts: TokenizerParts, normalizers: readonly Normalizer[], prefixSpace: boolean) {
  const { pre_tokenizer } = parts.steps;
  const steps = prefixSpace ? pre_tokenizer.map(addingPrefixSpace) : pre_tokenizer;
  const spaceIsText =
    parts.model.type === 'BPE' && !steps.some(({ type }) => type === 'ByteLevel' || type === 'Metaspace');
  return {
    normalizers: prefixSpace && spaceIsText ? [prefixSpaceInText, ...normalizers] : normalizers,
    preTokenizers: [...steps.flatMap(preTokenizersOf), ...cuts(parts)],
  };
}

/** Gemma's way has no switch for it: the space is one more character of the text. */
const prefixSpaceInText = prepend(' ', (text) => text.startsWith(' '));

function addingPrefixSpace(step: PreTokenizerConfig): PreTokenizerConfig {
  if (step.type === 'ByteLevel') return { ...step, add_prefix_space: true };
  if (step.type === 'Metaspace' && prependScheme(step) === 'never')
    return { ...step, prepend_scheme: 'first' };
  return step;
}

/** Keeps the cost linear, and the words few enough to remember, where the files leave a text in one piece. */
function cuts({ model, steps: { pre_tokenizer } }: TokenizerParts): PreTokenizer[] {
  if (model.type !== 'BPE' || pre_tokenizer.some(({ type }) => type === 'ByteLevel')) return [];
  const places = safeCuts(model.tables);
  return places === undefined ? [] : [splitAt(places, 'Isolated')];
}

function wordModel({ model, steps: { pre_tokenizer } }: TokenizerParts): PieceModel {
  const at = pre_tokenizer.findIndex(({ type }) => type === 'ByteLevel');
  if (at >= 0 && at < pre_tokenizer.length - 1) {
    throw new TokenizerFileError(
      'tokenizer.json',
      'pre_tokenizer: ByteLevel is supported only as the last step',
    );
  }
  const pieces = at < 0 ? piecesOf(model) : byteLevel(piecesOf(model));
  const known = remember(pieces);
  return (word) => (word.length <= longestRemembered ? known(word) : pieces(word));
}

/** Tokens are searched for in the raw text, or, where they ask for it, normalised in the normalised text. */
function addedTokenSplitters({ added_tokens }: TokenizerSteps, normalizers: readonly Normalizer[]) {
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
