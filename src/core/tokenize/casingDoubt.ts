import type { TokenizerFiles } from './loadTokenizer';
import { parseTokenizerConfig } from './schema/files';

/** Fewer capitals happen in a vocabulary of lower-cased texts too: its markers, and what lower-casing leaves. */
const CAPITALISED = 100;

/**
 * A sentence where a vocab.txt has capitalised words and no file says how to treat case: transformers lower-cases
 * texts then, and we with it, so that such words are never found. Undefined where there is no doubt.
 */
export function casingDoubt({ vocabTxt, tokenizerConfig }: TokenizerFiles): string | undefined {
  if (vocabTxt === undefined || typeof parseTokenizerConfig(tokenizerConfig).do_lower_case === 'boolean')
    return undefined;
  const words = vocabTxt.match(/^\p{Lu}\p{Ll}+\r?$/gmu) ?? [];
  if (words.length < CAPITALISED) return undefined;
  return (
    'vocab.txt has capitalised words, but no tokenizer_config.json says do_lower_case: texts are lower-cased, as ' +
    'transformers does. If the encoder tells capitals, put {"do_lower_case": false} there.'
  );
}
