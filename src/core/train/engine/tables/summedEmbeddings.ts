import type { EncoderConfig } from '../../../encoder/config';
import { wordVectors } from '../../../encoder/weightNames';
import type { OptimiserOptions } from '../../engine';
import { EmbeddingTable } from './embeddingTable';
import type { LearningTable } from './learningTable';
import type { ReadWeight } from '../parameters/pieces';

/** Token ids of a batch, every text as long as the longest. */
export interface IdBatch {
  readonly ids: readonly Int32Array[];
  readonly length: number;
  /** Fills up shorter texts. */
  readonly padId: number;
}

/**
 * The embedding tables of an encoder. They stay out of the graphs, which begin with the sum of the vectors that a
 * token's id, position and type look up, and end with the gradient by that sum.
 */
export class SummedEmbeddings {
  private readonly words: LearningTable;
  private readonly positions: LearningTable | undefined;
  private readonly types: LearningTable | undefined;

  /** @param words the word vectors, where something else learns them too */
  constructor(config: EncoderConfig, read: ReadWeight, options: OptimiserOptions, words?: LearningTable) {
    const table = (name: string) => new EmbeddingTable(name, read(name), config.hiddenSize, options);
    const bert = config.modelType === 'bert';
    this.words = words ?? table(wordVectors(config).name);
    this.positions = bert ? table('embeddings.position_embeddings.weight') : undefined;
    this.types = bert ? table('embeddings.token_type_embeddings.weight') : undefined;
  }

  get tables(): readonly LearningTable[] {
    return [this.words, this.positions, this.types].filter((table) => table !== undefined);
  }

  /** The sums [batch, length, width]. */
  look({ ids, length, padId }: IdBatch, averaged: boolean): Float32Array {
    const { width } = this.words;
    const sums = new Float32Array(ids.length * length * width);
    const add = (table: LearningTable | undefined, row: number, at: number) =>
      table?.addRow(row, sums, at, averaged);
    ids.forEach((text, row) => {
      for (let position = 0; position < length; position++) {
        const at = (row * length + position) * width;
        add(this.words, text[position] ?? padId, at);
        add(this.positions, position, at);
        add(this.types, 0, at);
      }
    });
    return sums;
  }

  /** Adds the gradient by the sums; padding has none. */
  addGradient({ ids, length }: IdBatch, gradient: Float32Array): void {
    const { width } = this.words;
    ids.forEach((text, row) => {
      for (let position = 0; position < text.length; position++) {
        const from = (row * length + position) * width;
        this.words.addGradient(text[position]!, gradient, from);
        this.positions?.addGradient(position, gradient, from);
        this.types?.addGradient(0, gradient, from);
      }
    });
  }
}
