import type { Feeds, Fetches, Tensors, TensorValue } from '../../../ports';
import type { VocabularyBlocks } from '../../graphs/maskedLanguageHead';
import { guessing } from '../../graphs/maskedLanguageHead';
import { io } from '../../graphs/trainingGraph';
import type { DenseTable } from './denseTable';
import { floatsOf } from '../plans/executionPlan';

/**
 * The decoder of a masked language head: the word vectors, which it shares with the embeddings, and a bias a word. Both
 * stay outside of the graphs, which are fed them in blocks; the words that are right are looked up here.
 */
export class TiedDecoder {
  constructor(
    private readonly words: DenseTable,
    readonly bias: DenseTable | undefined,
    private readonly blocks: VocabularyBlocks,
  ) {}

  /** What the head reads of the vocabulary, to guess `originals` [masked]. */
  feeds(originals: Int32Array): Tensors {
    const fed: Record<string, TensorValue> = this.inBlocks((table, from, to) => table.rows(from, to));
    fed[guessing.rightVectors] = lookUp(this.words, originals);
    if (this.bias) fed[guessing.rightBiases] = lookUp(this.bias, originals);
    return fed;
  }

  /** Where the CPU writes the gradients by the blocks. */
  destinations(): Fetches {
    const blocks = this.inBlocks((table, from, to) => table.gradientRows(from, to));
    return Object.fromEntries(Object.entries(blocks).map(([name, tensor]) => [io.gradient(name), tensor]));
  }

  /** Gathers the gradients that the head gave. */
  addGradients(originals: Int32Array, outputs: Feeds): void {
    const of = (name: string) => floatsOf(outputs[io.gradient(name)]);
    this.blocks.forEach(([from, to], block) => {
      this.words.gatherRows(from, to, of(guessing.vectors(block)));
      this.bias?.gatherRows(from, to, of(guessing.biases(block)));
    });
    for (const table of this.tables()) table.endGathering();
    addRows(this.words, originals, of(guessing.rightVectors));
    if (this.bias) addRows(this.bias, originals, of(guessing.rightBiases));
  }

  private inBlocks(
    part: (table: DenseTable, from: number, to: number) => Float32Array,
  ): Record<string, TensorValue> {
    const { words, bias } = this;
    const tensors = this.blocks.flatMap(([from, to], block): [string, TensorValue][] => [
      [guessing.vectors(block), tensor([to - from, words.width], part(words, from, to))],
      ...(bias ? [named(guessing.biases(block), tensor([to - from], part(bias, from, to)))] : []),
    ]);
    return Object.fromEntries(tensors);
  }

  private tables(): DenseTable[] {
    return this.bias ? [this.words, this.bias] : [this.words];
  }
}

/** The rows of some words, [words, width]. */
function lookUp(table: DenseTable, words: Int32Array): TensorValue {
  const rows = new Float32Array(words.length * table.width);
  words.forEach((word, i) => table.addRow(word, rows, i * table.width, false));
  return tensor([words.length, table.width], rows);
}

function addRows(table: DenseTable, words: Int32Array, gradient: Float32Array): void {
  words.forEach((word, i) => table.addGradient(word, gradient, i * table.width));
}

const tensor = (dims: readonly number[], data: Float32Array): TensorValue => ({
  type: 'float32',
  dims,
  data,
});

const named = (name: string, value: TensorValue): [string, TensorValue] => [name, value];
