import { addedTokenSplitter } from './addedTokens';
import { alignToSource } from './alignedText';
import { TokenizerFileError } from './fileError';
import { safeCuts } from './models/bpe';
import { byteLevel } from './models/byteLevel';
import { modelOf } from './models/fromConfig';
import type { PieceModel } from './models/pieces';
import { normalizersOf } from './normalize/fromConfig';
import { normalize, type Normalizer, prepend } from './normalize/normalizer';
import type { Pipeline } from './pipeline';
import { prependScheme, preTokenizersOf } from './preTokenize/fromConfig';
import { type PreTokenizer, splitAt } from './preTokenize/preToken';
import { remember } from './remember';
import type { TokenizerJson } from './schema/files';
import type { PreTokenizerConfig } from './schema/textSteps';
import { templateOf } from './template';

/** Notes repeat their words, in UTF-16 units; longer stretches seldom come twice. */
const longestRemembered = 64;

/** The pipeline of a tokenizer.json; `prefixSpace` forces a space before a text's first word. Throws TokenizerFileError. */
export function pipelineOf(json: TokenizerJson, prefixSpace: boolean): Pipeline {
  const normalizers = json.normalizer.flatMap(normalizersOf);
  return {
    ...addedTokenSplitters(json, normalizers),
    ...textSteps(json, normalizers, prefixSpace),
    model: wordModel(json),
    template: templateOf(json.post_processor),
    trimsOffsets: json.post_processor.some((step) => 'trim_offsets' in step && step.trim_offsets),
  };
}

/** Normalizers and pre-tokenizers, with the first word's space where it is to be added. */
function textSteps(json: TokenizerJson, normalizers: readonly Normalizer[], prefixSpace: boolean) {
  const steps = prefixSpace ? json.pre_tokenizer.map(addingPrefixSpace) : json.pre_tokenizer;
  const spaceIsText =
    json.model.type === 'BPE' && !steps.some(({ type }) => type === 'ByteLevel' || type === 'Metaspace');
  return {
    normalizers: prefixSpace && spaceIsText ? [prefixSpaceInText, ...normalizers] : normalizers,
    preTokenizers: [...steps.flatMap(preTokenizersOf), ...cuts(json)],
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
