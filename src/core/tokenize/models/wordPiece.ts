import { WordPiece } from '@huggingface/tokenizers';
import { TokenizerFileError } from '../fileError';
import type { ModelConfig } from '../schema/model';
import { PieceList, type PieceModel } from './pieces';

/** BERT's greedy longest-match-first pieces; a word that does not fit the vocabulary is one unknown token. */
export function wordPiece(config: ModelConfig & { type: 'WordPiece' }): PieceModel {
  const model = new WordPiece(config);
  const { tokens_to_ids: ids, unk_token_id: unknown } = model;
  if (unknown === undefined) {
    throw new TokenizerFileError(
      'tokenizer.json',
      `model.vocab: the unknown token ${config.unk_token} is missing`,
    );
  }
  const prefix = config.continuing_subword_prefix.length;
  return (word) => {
    const pieces = new PieceList();
    let read = 0;
    for (const piece of model.encode([word])) {
      const id = ids.get(piece)!;
      const end = id === unknown ? word.length : read + piece.length - (read === 0 ? 0 : prefix);
      pieces.add(id, read, end);
      read = end;
    }
    return pieces;
  };
}
