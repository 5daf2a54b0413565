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
  /** Whether a text may be cut before a "▁" that follows another character: no merge joins across such a place. */
  readonly cutsAtSpaces: boolean;
  /** All tokens, where a word that is one needs no merges (`ignore_merges`). */
  readonly whole: ReadonlyMap<string, number> | undefined;
}

/** Reads a tokenizer.json's `model`. Throws TokenizerFileError where merges or unknown token are not in the vocabulary. */
export function bpeTables(config: BpeConfig): BpeTables {
  const ids = new Map<string, number>();
  for (const token in config.vocab) ids.set(token, config.vocab[token]!);
  const { merges, crossesSpaces } = readMerges(config.merges, ids);
  return {
    ...characters(ids),
    merges,
    bytes: config.byte_fallback ? bytePieces((piece) => ids.get(piece)) : new Int32Array(),
    unknownId: unknownId(config, ids),
    fusesUnknown: config.fuse_unk,
    cutsAtSpaces: !config.ignore_merges && ids.has('▁') && !crossesSpaces,
    whole: config.ignore_merges ? ids : undefined,
  };
}

type Ids = ReadonlyMap<string, number>;

function characters(ids: Ids) {
  const alone: [number, number][] = [];
  for (const [token, id] of ids) {
    const codePoint = token.codePointAt(0);
    if (codePoint !== undefined && token.length === (codePoint > 0xffff ? 2 : 1)) alone.push([codePoint, id]);
  }
  return {
    codePoints: Int32Array.from(alone, ([codePoint]) => codePoint),
    codePointIds: Int32Array.from(alone, ([, id]) => id),
  };
}

/** In one pass that keeps nothing of half a million merges but their ids. */
function readMerges(list: BpeConfig['merges'], ids: Ids) {
  const array = () => new Int32Array(list.length);
  const merges: Merges = { lefts: array(), rights: array(), results: array() };
  let crossesSpaces = false;
  list.forEach((merge, rank) => {
    const [left, right] = typeof merge === 'string' ? sides(merge) : merge;
    merges.lefts[rank] = known(ids, left, rank);
    merges.rights[rank] = known(ids, right, rank);
    merges.results[rank] = known(ids, left + right, rank);
    crossesSpaces ||= right.startsWith('▁') && !left.endsWith('▁');
  });
  return { merges, crossesSpaces };
}

function sides(merge: string): [left: string, right: string] {
  const space = merge.indexOf(' ');
  return space < 0 ? [merge, ''] : [merge.slice(0, space), merge.slice(space + 1)];
}

function known(ids: Ids, token: string, rank: number): number {
  const id = ids.get(token);
  if (id !== undefined) return id;
  const merge = `model.merges.${rank}`;
  throw new TokenizerFileError('tokenizer.json', `${merge}: ${JSON.stringify(token)} is not in model.vocab`);
}

function unknownId({ unk_token: token }: BpeConfig, ids: Ids): number | undefined {
  if (!token) return undefined;
  const id = ids.get(token);
  if (id !== undefined) return id;
  throw new TokenizerFileError('tokenizer.json', `model.vocab: the unknown token ${token} is missing`);
}
