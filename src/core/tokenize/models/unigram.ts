import { Unigram } from '@huggingface/tokenizers';
import type { ModelConfig } from '../schema/model';
import { type ByteFallback, byteFallback } from './byteFallback';
import { PieceList, type PieceModel } from './pieces';

const noFallback: ByteFallback = () => undefined;

/** The most probable pieces under a unigram language model (SentencePiece); a run of unknowns is one token. */
export function unigram(config: ModelConfig & { type: 'Unigram' }): PieceModel {
  const model = new Unigram(config, '</s>');
  const { tokens_to_ids: ids } = model;
  const spell = config.byte_fallback ? byteFallback(ids) : noFallback;
  return (word) => {
    const pieces = new PieceList();
    let read = 0;
    let known = 0;
    const closeUnknown = () => {
      if (known < read) pieces.addAll(spell(word.slice(known, read)) ?? [config.unk_id], known, read);
    };
    for (const piece of model.tokenize(word)) {
      const id = ids.get(piece);
      if (id !== undefined) {
        closeUnknown();
        known = read + piece.length;
        pieces.add(id, read, known);
      }
      read += piece.length;
    }
    closeUnknown();
    return pieces;
  };
}
