import type { ModelConfig } from '../schema/model';
import { bpe } from './bpe';
import { type BpeTables, bpeTables } from './bpeTables';
import type { PieceModel } from './pieces';
import { unigram } from './unigram';
import { wordPiece } from './wordPiece';

/** The `model` of a tokenizer.json, byte-pair encoding with its vocabulary and merges already as tables. */
export type Model =
  Exclude<ModelConfig, { type: 'BPE' }> | { readonly type: 'BPE'; readonly tables: BpeTables };

/** Throws TokenizerFileError where merges or unknown token are not in the vocabulary. */
export function withTables(config: ModelConfig): Model {
  return config.type === 'BPE' ? { type: 'BPE', tables: bpeTables(config) } : config;
}

/** Throws TokenizerFileError where the vocabulary lacks what the model needs. */
export function piecesOf(model: Model): PieceModel {
  switch (model.type) {
    case 'BPE':
      return bpe(model.tables);
    case 'Unigram':
      return unigram(model);
    case 'WordPiece':
      return wordPiece(model);
  }
}
