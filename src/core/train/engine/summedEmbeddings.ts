import type { EncoderConfig } from '../../encoder/config';
import type { OptimiserOptions, StateTensor } from '../engine';
import type { StateEntry } from './checkedState';
import { EmbeddingTable } from './embeddingTable';
import type { ReadWeight } from './pieces';
import type { UpdateNumbers } from './parameterStore';

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
  private readonly words: EmbeddingTable;
  private readonly positions: EmbeddingTable | undefined;
  private readonly types: EmbeddingTable | undefined;

  constructor(config: EncoderConfig, read: ReadWeight, options: OptimiserOptions) {
    const table = (name: string) =>
      new EmbeddingTable(
        `embeddings.${name}.weight`,
        read(`embeddings.${name}.weight`),
        config.hiddenSize,
        options,
      );
    const bert = config.modelType === 'bert';
    this.words = table(bert ? 'word_embeddings' : 'tok_embeddings');
    this.positions = bert ? table('position_embeddings') : undefined;
    this.types = bert ? table('token_type_embeddings') : undefined;
  }

  /** The sums [batch, length, width]. */
  look({ ids, length, padId }: IdBatch, averaged: boolean): Float32Array {
    const { width } = this.words;
    const sums = new Float32Array(ids.length * length * width);
    const add = (table: EmbeddingTable | undefined, row: number, at: number) =>
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

  squaredGradient(): number {
    return this.tables().reduce((sum, table) => sum + table.squaredGradient(), 0);
  }

  update(numbers: UpdateNumbers): void {
    for (const table of this.tables()) table.update(numbers);
  }

  entries(): StateEntry[] {
    return this.tables().flatMap((table) => table.entries());
  }

  *state(): Iterable<StateTensor> {
    for (const table of this.tables()) yield* table.state();
  }

  /** Whether the tensor was one of these tables'. */
  restore(tensor: StateTensor): boolean {
    const name = tensor.name.split('#')[0];
    const table = this.tables().find((candidate) => candidate.name === name);
    table?.restore(tensor);
    return table !== undefined;
  }

  private tables(): EmbeddingTable[] {
    return [this.words, this.positions, this.types].filter((table) => table !== undefined);
  }
}
