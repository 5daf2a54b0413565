import type { CorpusDocument } from '../../corpus/document';
import type { TargetOptions } from '../../labels/tokenTargets';
import { tokenTargets } from '../../labels/tokenTargets';
import type { Encoding, Tokenizer } from '../../tokenize/encoding';
import { CUT_RANK } from './windowCuts';

/** A text tokenised once for every epoch. */
export interface TokenizedText {
  /** Its own tokens, [tokens]. */
  readonly ids: Int32Array;
  /** Special tokens that every window begins and ends with. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** How well the text may be cut before each token, `CUT_RANK`, [tokens]. */
  readonly cutRanks: Uint8Array;
  /** 1 where a token has a width in the text, [tokens]. */
  readonly visible: Uint8Array;
  /** 1 where a token goes on with the word of the token before, [tokens]. */
  readonly continues: Uint8Array;
}

/** An annotated note, tokenised, with what each token is to answer. */
export interface TokenizedNote extends TokenizedText {
  /** 1 where a token carries an output, row-major [tokens, outputs]. */
  readonly targets: Uint8Array;
}

export function tokenizeText(text: string, tokenizer: Tokenizer): TokenizedText {
  return ownTokens(text, tokenizer.encode(text)).text;
}

/** Targets are those of the whole note, so that an annotation that a window's edge cuts begins only once. */
export function tokenizeNote(
  { text, annotations }: Pick<CorpusDocument, 'text' | 'annotations'>,
  tokenizer: Tokenizer,
  options: TargetOptions,
): TokenizedNote {
  const { text: tokenized, starts, ends } = ownTokens(text, tokenizer.encode(text));
  return { ...tokenized, targets: tokenTargets({ starts, ends }, annotations, options) };
}

function ownTokens(text: string, { ids, starts, ends, special }: Encoding) {
  let [first, last] = [0, ids.length];
  while (first < last && special[first] === 1) first++;
  while (last > first && special[last - 1] === 1) last--;
  const own = { starts: starts.slice(first, last), ends: ends.slice(first, last) };
  const tokenized: TokenizedText = {
    ids: ids.slice(first, last),
    before: ids.slice(0, first),
    after: ids.slice(last),
    cutRanks: Uint8Array.from(own.starts, (start, i) => cutRank(text, start, own.ends[i - 1] ?? 0)),
    visible: Uint8Array.from(own.starts, (start, i) => (start < own.ends[i]! ? 1 : 0)),
    continues: Uint8Array.from(own.starts, (start, i) =>
      i > 0 && start === own.ends[i - 1] && isInsideWord(text, start) ? 1 : 0,
    ),
  };
  return { text: tokenized, ...own };
}

function cutRank(text: string, start: number, endBefore: number): number {
  if (start < endBefore) return CUT_RANK.never;
  return start > 0 && /\s/.test(text[start - 1]!) ? CUT_RANK.word : CUT_RANK.token;
}

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;

function isInsideWord(text: string, at: number): boolean {
  return WORD_CHARACTER.test(text[at - 1] ?? '') && WORD_CHARACTER.test(text[at] ?? '');
}
