import type { NormalizerConfig } from '../schema/textSteps';
import { type Normalizer, remove, replaceMatches } from './normalizer';
import { lowercase, unicodeForm } from './unicode';

const controls = remove(/(?![\t\n\r])[\0\ufffd\p{Cc}\p{Cf}\p{Co}]/gu);
const whiteSpace = replaceMatches(/(?! )\p{White_Space}/gu, () => ' ');
const nonspacingMarks = remove(/\p{Mn}/gu);

/** The blocks that BERT calls Chinese; 2B920 (for 2B820) is the reference's own slip, kept for equal ids. */
const ideographs =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/** The text clean-up of BERT's basic tokenizer, in the order of the reference implementation. */
export function bertNormalizer(config: NormalizerConfig & { type: 'BertNormalizer' }): Normalizer[] {
  const steps: Normalizer[] = [];
  if (config.clean_text) steps.push(controls, whiteSpace);
  if (config.handle_chinese_chars) steps.push(replaceMatches(ideographs, (ideograph) => ` ${ideograph} `));
  if (config.strip_accents ?? config.lowercase) steps.push(unicodeForm('NFD'), nonspacingMarks);
  if (config.lowercase) steps.push(lowercase);
  return steps;
}
