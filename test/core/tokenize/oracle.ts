import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Encoding } from '../../../src/core/tokenize/encoding';
import type { TokenizerFiles } from '../../../src/core/tokenize/loadTokenizer';

/** What Python's `tokenizers` makes of one string: special tokens left out, offsets in code points. */
export interface OracleRow {
  readonly ids: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export interface Oracle {
  /** The special tokens around a text. */
  readonly around: readonly number[];
  readonly rows: readonly OracleRow[];
}

const folder = path.join(import.meta.dirname, '../../oracles/tokenizers');

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const ifThere = <Value>(file: string, read: (file: string) => Value): Value | undefined =>
  existsSync(file) ? read(file) : undefined;

/** The tokenizer files of any folder. */
export function filesIn(where: string): TokenizerFiles {
  return {
    tokenizerJson: ifThere(path.join(where, 'tokenizer.json'), json),
    tokenizerConfig: ifThere(path.join(where, 'tokenizer_config.json'), json),
    vocabTxt: ifThere(path.join(where, 'vocab.txt'), (file) => readFileSync(file, 'utf8')),
  };
}

/** The tokenizer files written by test/oracles/make_tokenizers.py. */
export const oracleFiles = (kind: string): TokenizerFiles => filesIn(path.join(folder, kind));

export const readOracle = (kind: string): Oracle => json(path.join(folder, kind, 'oracle.json')) as Oracle;

/** The strings of all oracles. */
export const strings = json(path.join(folder, 'strings.json')) as readonly string[];

/** An encoding's own tokens, as [id, start, end]. */
export function ownTokens({ ids, starts, ends, special }: Encoding): [number, number, number][] {
  return Array.from(ids, (id, i): [number, number, number] => [id, starts[i]!, ends[i]!]).filter(
    (_, i) => special[i] === 0,
  );
}

/** Whether a tokenizer's normalisation rewrites a cluster. */
export type Rewritten = (cluster: string) => boolean;

/** A character with what may compose with it: marks, Hangul vowels and finals, half-width voicing marks. */
const cluster = /[^](?:[\p{M}\u1160-\u11ff\uff9e\uff9f])*/gu;

/**
 * Python's tokens under the rules that loadTokenizer states, worked out anew: a cluster that normalisation rewrites
 * counts as one; blanks at the ends are cut off, and a token of nothing else is empty at its end; combining marks
 * that no token covers go to the one before.
 */
export function expectedTokens(
  text: string,
  { ids, starts, ends }: OracleRow,
  rewritten: Rewritten,
): [number, number, number][] {
  const utf16 = utf16Offsets(text);
  const clusters = Array.from(text.matchAll(cluster)).filter(([characters]) => rewritten(characters));
  const whole = (start: number, end: number): [number, number] => {
    const touched = clusters.filter((found) => found.index < end && found.index + found[0].length > start);
    const last = touched.at(-1);
    return [
      Math.min(start, touched[0]?.index ?? start),
      Math.max(end, last === undefined ? end : last.index + last[0].length),
    ];
  };
  const spans = ids.map((_, i) => trimmed(text, ...whole(utf16[starts[i]!]!, utf16[ends[i]!]!)));
  return spans.map(([start, end], i) => {
    const after = text.slice(end, Math.max(end, spans[i + 1]?.[0] ?? text.length));
    const marks = start === end ? '' : /^\p{M}*/u.exec(after)![0];
    return [ids[i]!, start, end + marks.length];
  });
}

/** Python's tokens as they are. */
export function libraryTokens(text: string, { ids, starts, ends }: OracleRow): [number, number, number][] {
  const utf16 = utf16Offsets(text);
  return ids.map((id, i) => [id, utf16[starts[i]!]!, utf16[ends[i]!]!]);
}

/** Whether normalisation rewrites anything of a text. */
export function rewrites(text: string, rewritten: Rewritten): boolean {
  return Array.from(text.matchAll(cluster)).some(([characters]) => rewritten(characters));
}

/** The UTF-16 offset of each code point, and of the end. */
function utf16Offsets(text: string): number[] {
  const offsets = [0];
  for (const character of text) offsets.push(offsets.at(-1)! + character.length);
  return offsets;
}

function trimmed(text: string, start: number, end: number): [number, number] {
  const [, lead, body] = /^([\p{White_Space}\p{Cf}]*)(.*?)[\p{White_Space}\p{Cf}]*$/su.exec(
    text.slice(start, end),
  )!;
  const from = start + lead!.length;
  return body === '' ? [end, end] : [from, from + body!.length];
}
