import { TokenizerFileError } from './fileError';
import type { TokenizerFiles } from './loadTokenizer';
import { parseTokenizerConfig, parseTokenizerSteps } from './schema/files';

/** What masked language modelling asks of a tokenizer's files. */
export interface SpecialTokens {
  readonly maskId: number;
  /** Ids of the added tokens, special ones among them. */
  readonly special: ReadonlySet<number>;
}

const USUAL_MASKS = ['[MASK]', '<mask>'];
const USUAL_SPECIALS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** @throws TokenizerFileError where the files name no mask token */
export function specialTokens(files: TokenizerFiles): SpecialTokens {
  const config = parseTokenizerConfig(files.tokenizerConfig);
  const masks = [config.mask_token, ...USUAL_MASKS];
  const steps: unknown = files.compact?.steps ?? files.tokenizerJson;
  const ids = steps === undefined ? idsOfVocabulary(files.vocabTxt ?? '') : idsOfSteps(steps);
  const mask = masks.find((text) => typeof text === 'string' && ids.has(text));
  if (typeof mask !== 'string')
    throw new TokenizerFileError('tokenizer.json', 'names no mask token: this encoder cannot be pre-trained');
  return { maskId: ids.get(mask)!, special: new Set(ids.values()) };
}

function idsOfSteps(steps: unknown): Map<string, number> {
  return new Map(parseTokenizerSteps(steps).added_tokens.map(({ content, id }) => [content, id]));
}

function idsOfVocabulary(vocabTxt: string): Map<string, number> {
  const lines = vocabTxt.split(/\r?\n/);
  const found = USUAL_SPECIALS.map((text) => [text, lines.indexOf(text)] as const);
  return new Map(found.filter(([, id]) => id >= 0));
}
