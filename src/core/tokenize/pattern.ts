import { ReplaceNormalizer } from '@huggingface/tokenizers';
import { TokenizerFileError } from './fileError';
import type { PatternConfig } from './schema/textSteps';

/** A tokenizer.json pattern (Oniguruma's dialect) as a global regular expression. Throws TokenizerFileError. */
export function compilePattern(config: PatternConfig): RegExp {
  try {
    const { pattern } = new ReplaceNormalizer({ type: 'Replace', pattern: config, content: '' });
    if (pattern !== null) return pattern;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new TokenizerFileError('tokenizer.json', `the pattern ${JSON.stringify(config)} cannot be compiled`);
}
