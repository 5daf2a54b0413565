import { compilePattern } from '../pattern';
import type { NormalizerConfig } from '../schema/textSteps';
import { bertNormalizer } from './bert';
import { nmt } from './nmt';
import { type Normalizer, prepend, replaceAtLast } from './normalizer';
import { precompiled } from './precompiled';
import { lowercase, strip, stripAccents, unicodeForm } from './unicode';

/** The normalizers that one step of a tokenizer.json's `normalizer` stands for, in order. */
export function normalizersOf(config: NormalizerConfig): readonly Normalizer[] {
  switch (config.type) {
    case 'BertNormalizer':
      return bertNormalizer(config);
    case 'Lowercase':
      return [lowercase];
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return [unicodeForm(config.type)];
    case 'Nmt':
      return nmt;
    case 'Precompiled':
      return config.precompiled_charsmap ? [precompiled(config.precompiled_charsmap)] : [];
    case 'Prepend':
      return [prepend(config.prepend)];
    case 'Replace':
      return [replaceAtLast(compilePattern(config.pattern), config.content)];
    case 'Strip':
      return strip(config.strip_left, config.strip_right);
    case 'StripAccents':
      return [stripAccents];
  }
}
