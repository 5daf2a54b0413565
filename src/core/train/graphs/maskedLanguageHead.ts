import type { EncoderConfig } from '../../encoder/config';
import { decoderBias } from '../../encoder/weightNames';
import type { GraphBuilder } from '../../graph/graphBuilder';
import { gatherRows } from '../../graph/operators/gatherRows';
import type { VocabularyBlock } from '../../graph/operators/vocabularyCrossEntropy';
import { vocabularyCrossEntropy } from '../../graph/operators/vocabularyCrossEntropy';
import type { Value } from '../../graph/value';
import type { Head } from './head';

/** Names of a masked language head's inputs, `masked` being the tokens of the batch that are to be guessed. */
export const guessing = {
  /** Where they are among the tokens of the batch, padding counted, int64 [masked]. */
  places: 'places',
  /** The vectors of what stood there, [masked, width]. */
  rightVectors: 'right.vectors',
  /** Its biases, [masked, 1]. */
  rightBiases: 'right.biases',
  /** What each guess counts, [masked, 1]. */
  weights: 'guess_weights',
  /** The vectors of a block of the vocabulary, [words, width]. */
  vectors: (block: number) => `vocabulary.vectors.${block}`,
  /** Its biases, [words]. */
  biases: (block: number) => `vocabulary.biases.${block}`,
} as const;

/** A vocabulary in blocks: the first word of each, and the one after its last. */
export type VocabularyBlocks = readonly (readonly [from: number, to: number])[];

/** @param size words of a block, but for the last */
export function vocabularyBlocks(words: number, size: number): VocabularyBlocks {
  const count = Math.ceil(words / size);
  return Array.from({ length: count }, (_, i) => [i * size, Math.min(words, (i + 1) * size)] as const);
}

/** Guesses hidden tokens: only their rows pass through the head, so that the cost is theirs. */
export const maskedLanguageHead = (blocks: VocabularyBlocks): Head => ({
  answer: ({ graph, parts }, x) =>
    parts.predictionHead(gatherRows(graph, x, graph.input(guessing.places, 'int64', ['masked']))),
  loss({ graph, config }, answers) {
    const words = blockInputs(graph, config, blocks);
    const right = {
      vectors: graph.input(guessing.rightVectors, 'float32', ['masked', config.hiddenSize]),
      biases: decoderBias(config) && graph.input(guessing.rightBiases, 'float32', ['masked', 1]),
    };
    const weights = graph.input(guessing.weights, 'float32', ['masked', 1]);
    const loss = vocabularyCrossEntropy(graph, answers, words, right, weights);
    return { loss, learning: [right, ...words].flatMap(valuesOf) };
  },
});

function blockInputs(
  graph: GraphBuilder,
  config: EncoderConfig,
  blocks: VocabularyBlocks,
): VocabularyBlock[] {
  const hasBias = decoderBias(config) !== undefined;
  return blocks.map(([from, to], block) => ({
    vectors: graph.input(guessing.vectors(block), 'float32', [to - from, config.hiddenSize]),
    biases: hasBias ? graph.input(guessing.biases(block), 'float32', [to - from]) : undefined,
  }));
}

const valuesOf = ({ vectors, biases }: VocabularyBlock): Value[] => (biases ? [vectors, biases] : [vectors]);
