import type { TokenizerConfig, TokenizerSteps } from './schema/files';

/**
 * transformers' BertTokenizer asks tokenizer_config.json how to treat case, accents and Chinese characters, whatever its
 * tokenizer.json says: where the class is named, an absent key has BERT's default. Where it is not, only keys that are
 * there count; a general class follows tokenizer.json alone.
 */
export function asConfigured(steps: TokenizerSteps, config: TokenizerConfig): TokenizerSteps {
  const { tokenizer_class: name } = config;
  const named = name ? /^BertTokenizer(Fast)?$/.test(name) : undefined;
  if (named === false) return steps;
  const { do_lower_case, strip_accents, tokenize_chinese_chars } = config;
  const normalizer = steps.normalizer.map((step) => {
    if (step.type !== 'BertNormalizer') return step;
    const otherwise = named ? { lowercase: true, strip_accents: null, handle_chinese_chars: true } : step;
    return {
      ...step,
      lowercase: do_lower_case ?? otherwise.lowercase,
      strip_accents: strip_accents ?? otherwise.strip_accents,
      handle_chinese_chars: tokenize_chinese_chars ?? otherwise.handle_chinese_chars,
    };
  });
  return { ...steps, normalizer };
}
