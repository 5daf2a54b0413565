import type { ModelConfig } from '../schema/model';
import { bpe } from './bpe';
import type { PieceModel } from './pieces';
import { unigram } from './unigram';
import { wordPiece } from './wordPiece';

/** The model of a tokenizer.json. Throws TokenizerFileError where its vocabulary lacks what it needs. */
export function modelOf(config: ModelConfig): PieceModel {
  switch (config.type) {
    case 'BPE':
      return bpe(config);
    case 'Unigram':
      return unigram(config);
    case 'WordPiece':
      return wordPiece(config);
  }
}
