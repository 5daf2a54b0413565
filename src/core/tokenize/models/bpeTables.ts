import { TokenizerFileError } from '../fileError';
import type { ModelConfig } from '../schema/model';
import { bytePieces } from './byteFallback';
import type { Merges } from './mergeTable';

export type BpeConfig = ModelConfig & { type: 'BPE' };

/** What byte-pair encoding needs of a vocabulary and its merges, as ids: texts begin as characters, the rest are merges. */
export interface BpeTables {
  /** The characters that are tokens themselves, and their ids. */
  readonly codePoints: Int32Array;
  readonly codePointIds: Int32Array;
  readonly merges: Merges;
  /** [256], -1 where a byte has no piece; empty where the file has no byte fallback. */
  readonly bytes: Int32Array;
  readonly unknownId: number | undefined;
  /** Whether neighbouring unknown characters are one token. */
  readonly fusesUnknown: boolean;
  /** Whether a text may be cut before a "▁" that follows another character without changing the outcome. */
  readonly cutsAtSpaces: boolean;
  /** All tokens, where a word that is one needs no merges (`ignore_merges`). */
  readonly whole: ReadonlyMap<string, number> | undefined;
}

/** Reads a tokenizer.json's `model`. Throws TokenizerFileError where merges or unknown token are not in the vocabulary. */
export function bpeTables(config: BpeConfig): BpeTables {
  // Names of Object's own prototype are words like others.
  const idOf = (token: string) => (Object.hasOwn(config.vocab, token) ? config.vocab[token] : undefined);
  const pairs = pairsOf(config);
  return {
    ...characters(config.vocab),
    merges: mergesOf(pairs, idOf),
    bytes: config.byte_fallback ? bytePieces(idOf) : new Int32Array(),
    unknownId: unknownId(config, idOf),
    fusesUnknown: config.fuse_unk,
    cutsAtSpaces: cutsAtSpaces(config, pairs, idOf),
    whole: config.ignore_merges ? new Map(Object.entries(config.vocab)) : undefined,
  };
}

type IdOf = (token: string) => number | undefined;
type Pair = readonly [left: string, right: string];

function pairsOf({ merges }: BpeConfig): readonly Pair[] {
  return merges.map((merge) =>
    typeof merge === 'string' ? (merge.split(' ', 2) as [string, string]) : merge,
  );
}

function characters(vocabulary: Readonly<Record<string, number>>) {
  const alone: [number, number][] = [];
  for (const token in vocabulary) {
    const codePoint = token.codePointAt(0);
    if (codePoint !== undefined && token.length === (codePoint > 0xffff ? 2 : 1))
      alone.push([codePoint, vocabulary[token]!]);
  }
  return {
    codePoints: Int32Array.from(alone, ([codePoint]) => codePoint),
    codePointIds: Int32Array.from(alone, ([, id]) => id),
  };
}

function mergesOf(pairs: readonly Pair[], idOf: IdOf): Merges {
  const known = (token: string, rank: number): number => {
    const id = idOf(token);
    if (id !== undefined) return id;
    const merge = `model.merges.${rank}`;
    throw new TokenizerFileError(
      'tokenizer.json',
      `${merge}: ${JSON.stringify(token)} is not in model.vocab`,
    );
  };
  return {
    lefts: Int32Array.from(pairs, ([left], rank) => known(left, rank)),
    rights: Int32Array.from(pairs, ([, right], rank) => known(right, rank)),
    results: Int32Array.from(pairs, ([left, right], rank) => known(left + right, rank)),
  };
}

function unknownId({ unk_token: token }: BpeConfig, idOf: IdOf): number | undefined {
  if (!token) return undefined;
  const id = idOf(token);
  if (id !== undefined) return id;
  throw new TokenizerFileError('tokenizer.json', `model.vocab: the unknown token ${token} is missing`);
}

/** No merge may join across such a place. */
function cutsAtSpaces({ ignore_merges }: BpeConfig, pairs: readonly Pair[], idOf: IdOf): boolean {
  const crosses = ([left, right]: Pair) => right.startsWith('▁') && !left.endsWith('▁');
  return !ignore_merges && idOf('▁') !== undefined && !pairs.some(crosses);
}
