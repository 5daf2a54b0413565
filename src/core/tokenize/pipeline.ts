import type { AddedTokenSplitter } from './addedTokens';
import { type AlignedText, alignToSource } from './alignedText';
import type { Encoding, SpanRule } from './encoding';
import type { PieceModel, Pieces } from './models/pieces';
import { normalize, type Normalizer } from './normalize/normalizer';
import type { PreToken, PreTokenizer } from './preTokenize/preToken';
import { settleSpans } from './spans';
import type { Template } from './template';

/** The steps of a tokenizer, in the order in which a text goes through them. */
export interface Pipeline {
  readonly splitSource: AddedTokenSplitter;
  readonly normalizers: readonly Normalizer[];
  readonly splitNormalised: AddedTokenSplitter;
  readonly preTokenizers: readonly PreTokenizer[];
  readonly model: PieceModel;
  readonly template: Template;
  /** Whether the library itself cuts blanks off a token's ends. */
  readonly trimsOffsets: boolean;
}

interface Tokens {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
}

const loneSurrogate = /\p{Surrogate}/gu;

/** The `encode` of a tokenizer: added tokens, normalisation, words, pieces, spans, special tokens. */
export function encodeWith(pipeline: Pipeline): (text: string, spans?: SpanRule) => Encoding {
  return (text, spans = 'words') => {
    const source = text.replace(loneSurrogate, '\ufffd');
    const tokens: Tokens = { ids: [], starts: [], ends: [] };
    for (const { start, end, id } of pipeline.splitSource(source)) {
      if (id === undefined) addText(tokens, pipeline, alignToSource(source, start, end));
      else add(tokens, id, start, end);
    }
    if (spans === 'words' || pipeline.trimsOffsets) settleSpans(source, tokens);
    return withSpecialTokens(tokens, pipeline.template, source.length);
  };
}

function addText(tokens: Tokens, pipeline: Pipeline, raw: AlignedText): void {
  const aligned = normalize(raw, pipeline.normalizers);
  for (const { start, end, id } of pipeline.splitNormalised(aligned.text)) {
    if (id !== undefined) {
      add(tokens, id, aligned.starts[start]!, aligned.ends[end - 1]!);
      continue;
    }
    const text = aligned.text.slice(start, end);
    const section = { text, start, prefix: 0, opens: aligned.starts[start] === 0 };
    for (const word of preTokenize(section, pipeline.preTokenizers)) {
      addPieces(tokens, pipeline.model(word.text), word, aligned);
    }
  }
}

function preTokenize(section: PreToken, preTokenizers: readonly PreTokenizer[]): readonly PreToken[] {
  return preTokenizers.reduce<readonly PreToken[]>((words, split) => words.flatMap(split), [section]);
}

function addPieces(tokens: Tokens, pieces: Pieces, { start, prefix }: PreToken, aligned: AlignedText): void {
  for (let i = 0; i < pieces.ids.length; i++) {
    // Units of the prefix share the range of the first unit after it.
    const first = start + Math.max(0, pieces.starts[i]! - prefix);
    const last = start + Math.max(0, pieces.ends[i]! - 1 - prefix);
    add(tokens, pieces.ids[i]!, aligned.starts[first]!, aligned.ends[last]!);
  }
}

function add(tokens: Tokens, id: number, start: number, end: number): void {
  tokens.ids.push(id);
  tokens.starts.push(start);
  tokens.ends.push(end);
}

function withSpecialTokens(
  { ids, starts, ends }: Tokens,
  { before, after }: Template,
  length: number,
): Encoding {
  const at = (offsets: number[]) =>
    Int32Array.from([...before.map(() => 0), ...offsets, ...after.map(() => length)]);
  const special = new Uint8Array(before.length + ids.length + after.length).fill(1);
  special.fill(0, before.length, before.length + ids.length);
  return { ids: Int32Array.from([...before, ...ids, ...after]), starts: at(starts), ends: at(ends), special };
}
