import { type Normalizer, remove, replaceMatches } from './normalizer';

/** The clean-up that SentencePiece's nmt rules begin with. */
export const nmt: readonly Normalizer[] = [
  remove(/[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/gu),
  replaceMatches(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/gu, () => ' '),
];
