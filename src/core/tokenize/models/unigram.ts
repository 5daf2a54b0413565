import type { ModelConfig } from '../schema/model';
import { type ByteFallback, byteFallback, bytePieces } from './byteFallback';
import { PieceList, type PieceModel } from './pieces';
import { UnigramVocabulary } from './unigramVocabulary';

const noFallback: ByteFallback = () => undefined;

/** The most probable pieces under a unigram language model (SentencePiece); a run of unknowns is one token. */
export function unigram(config: ModelConfig & { type: 'Unigram' }): PieceModel {
  const vocabulary = new UnigramVocabulary(config.vocab, config.unk_id);
  const spell = config.byte_fallback
    ? byteFallback(bytePieces((piece) => vocabulary.ids.get(piece)))
    : noFallback;
  return (word) => {
    const pieces = new PieceList();
    let read = 0;
    let known = 0;
    const closeUnknown = () => {
      if (known < read) pieces.addAll(spell(word.slice(known, read)) ?? [config.unk_id], known, read);
    };
    for (const end of vocabulary.bestCuts(word)) {
      const id = vocabulary.ids.get(word.slice(read, end));
      if (id !== undefined) {
        closeUnknown();
        known = end;
        pieces.add(id, read, end);
      }
      read = end;
    }
    closeUnknown();
    return pieces;
  };
}
