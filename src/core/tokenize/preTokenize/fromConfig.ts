import { compilePattern } from '../pattern';
import type { PreTokenizerConfig } from '../schema/textSteps';
import { metaspace, type PrependScheme } from './metaspace';
import { type PreTokenizer, splitAt, withPrefix } from './preToken';

/** GPT-2's words: a space belongs to the word after it. */
const gpt2Words =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const whiteSpace = /\p{White_Space}+/gu;
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu;
/** \w and its complement as Rust's regex crate reads them. */
const wordsOrSymbols =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{White_Space}\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+/gu;

/**
 * The splits that one step of a tokenizer.json's `pre_tokenizer` stands for, in order.
 * ByteLevel's map of bytes to characters is the model's business here: see models/byteLevel.ts.
 */
export function preTokenizersOf(config: PreTokenizerConfig): readonly PreTokenizer[] {
  switch (config.type) {
    case 'BertPreTokenizer':
      return [splitAt(whiteSpace, 'Removed'), splitAt(punctuation, 'Isolated')];
    case 'ByteLevel':
      return [
        ...(config.add_prefix_space ? [addPrefixSpace] : []),
        ...(config.use_regex ? [splitAt(gpt2Words, 'Isolated')] : []),
      ];
    case 'Digits':
      return [splitAt(config.individual_digits ? /\p{N}/gu : /\p{N}+/gu, 'Isolated')];
    case 'Metaspace':
      return [metaspace(config.replacement, prependScheme(config), config.split)];
    case 'Punctuation':
      return [splitAt(punctuation, config.behavior)];
    case 'Split':
      return [splitAt(compilePattern(config.pattern), config.behavior, config.invert)];
    case 'Whitespace':
      return [splitAt(wordsOrSymbols, 'Removed', true)];
    case 'WhitespaceSplit':
      return [splitAt(whiteSpace, 'Removed')];
  }
}

const addPrefixSpace: PreTokenizer = (token) => [token.text.startsWith(' ') ? token : withPrefix(token, ' ')];

/** A Metaspace step's scheme, in its present spelling or the older one. */
export function prependScheme(config: PreTokenizerConfig & { type: 'Metaspace' }): PrependScheme {
  return config.prepend_scheme ?? (config.add_prefix_space === false ? 'never' : 'always');
}
