import { BPE } from '@huggingface/tokenizers';
import { TokenizerFileError } from '../fileError';
import type { ModelConfig } from '../schema/model';
import { type ByteFallback, byteFallback } from './byteFallback';
import { PieceList, type PieceModel } from './pieces';

type BpeConfig = ModelConfig & { type: 'BPE' };

const noFallback: ByteFallback = () => undefined;

/** Byte-pair encoding; what the vocabulary lacks falls back to byte pieces, then to the unknown token, then is dropped. */
export function bpe(config: BpeConfig): PieceModel {
  const model = new BPE(libraryConfig(config));
  const { tokens_to_ids: ids } = model;
  const unknown = unknownId(config, ids);
  const spell = config.byte_fallback ? byteFallback(ids) : noFallback;
  return (word) => {
    const pieces = new PieceList();
    const whole = config.ignore_merges ? ids.get(word) : undefined;
    if (whole !== undefined) {
      pieces.add(whole, 0, word.length);
      return pieces;
    }
    let read = 0;
    let unknownSince: number | undefined;
    const closeUnknown = () => {
      if (unknownSince !== undefined) pieces.add(unknown!, unknownSince, read);
      unknownSince = undefined;
    };
    for (const piece of model.bpe(word)) {
      const id = ids.get(piece);
      const spelled = id === undefined ? spell(piece) : [id];
      if (spelled !== undefined || !config.fuse_unk) closeUnknown();
      if (spelled !== undefined) pieces.addAll(spelled, read, read + piece.length);
      else if (unknown !== undefined) unknownSince ??= read;
      read += piece.length;
    }
    closeUnknown();
    return pieces;
  };
}

/** Unknowns and byte fallback are ours to resolve, since only we need to know what they stand for. */
function libraryConfig({ vocab, merges }: BpeConfig) {
  return { type: 'BPE' as const, vocab, merges, unk_token: '', ignore_merges: false };
}

function unknownId({ unk_token }: BpeConfig, ids: ReadonlyMap<string, number>): number | undefined {
  if (!unk_token) return undefined;
  const id = ids.get(unk_token);
  if (id !== undefined) return id;
  throw new TokenizerFileError('tokenizer.json', `model.vocab: the unknown token ${unk_token} is missing`);
}

/**
 * Where a whole text is one word (Gemma), the places where it may be cut without changing the outcome: before a "▁"
 * that follows another character, if no merge joins across such a place. Undefined if one does.
 */
export function safeCuts({ merges, vocab, ignore_merges }: BpeConfig): RegExp | undefined {
  const crosses = (merge: string | readonly string[]) => {
    const [left, right] = typeof merge === 'string' ? merge.split(' ', 2) : merge;
    return right!.startsWith('▁') && !left!.endsWith('▁');
  };
  const safe = !ignore_merges && '▁' in vocab && !merges.some(crosses);
  return safe ? /(?<!^|▁)(?=▁)/gu : undefined;
}
