import type { EncoderConfig } from '../../../encoder/config';
import { wordVectors } from '../../../encoder/weightNames';
import type { OptimiserOptions } from '../../engine';
import type { Arrangement } from '../../graphs/trainingGraph';
import { EmbeddingTable } from './embeddingTable';
import type { LearningTable } from './learningTable';
import type { ReadWeight } from '../parameters/pieces';

/** Token ids of a batch, text by text. */
export interface IdBatch {
  /** With their padding, where they have any. */
  readonly texts: readonly Int32Array[];
  /** Tokens of each text without it. */
  readonly lengths: readonly number[];
  readonly arrangement: Arrangement;
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

  /** The sums [tokens, width], padding counted. */
  look({ texts }: IdBatch, averaged: boolean): Float32Array {
    const { width } = this.words;
    const sums = new Float32Array(texts.reduce((sum, text) => sum + text.length, 0) * width);
    let at = 0;
    for (const text of texts) {
      for (let position = 0; position < text.length; position++, at += width) {
        this.words.addRow(text[position]!, sums, at, averaged);
        this.positions?.addRow(position, sums, at, averaged);
        this.types?.addRow(0, sums, at, averaged);
      }
    }
    return sums;
  }

  /** Adds the gradient by the sums; padding has none. */
  addGradient({ texts, lengths }: IdBatch, gradient: Float32Array): void {
    const { width } = this.words;
    let start = 0;
    texts.forEach((text, i) => {
      for (let position = 0; position < lengths[i]!; position++) {
        const from = start + position * width;
        this.words.addGradient(text[position]!, gradient, from);
        this.positions?.addGradient(position, gradient, from);
        this.types?.addGradient(0, gradient, from);
      }
      start += text.length * width;
    });
  }
}
