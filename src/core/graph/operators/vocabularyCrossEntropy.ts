import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { dense, product } from './dense';
import { add, map, multiply, subtract } from './elementwise';
import { sum } from './reduce';
import { concat, reshape, split } from './shape';
import { logSumExp, softmax } from './softmax';

/** Some words of a vocabulary: their vectors [words, width] and biases [words], which ModernBERT may lack. */
export interface VocabularyBlock {
  readonly vectors: Value;
  readonly biases: Value | undefined;
}

/** The words that are right, one a row, looked up outside of the graph. */
export interface RightWords {
  /** [rows, width] */
  readonly vectors: Value;
  /** [rows, 1] */
  readonly biases: Value | undefined;
}

/**
 * Σ weight · (log Σ_v e^(x·v + b_v) - x·r - b_r) over the rows of x [rows, width], v the words of all blocks, r the right
 * one: the cross-entropy of a softmax over the vocabulary, a float32 scalar. weights [rows, 1].
 *
 * Each block has a softmax p of its own [rows, words], and of a row's probability the share s [rows, 1]; with
 * g = weight · dloss the gradients are dx = Σ_blocks g·s ∘ (p·V) - g ∘ r, dV = pᵀ·(g·s ∘ x), db = (g·s)ᵀ·p,
 * dr = -g ∘ x and db_r = -g, so that nothing as large as p is computed besides it.
 */
export function vocabularyCrossEntropy(
  graph: GraphBuilder,
  x: Value,
  blocks: readonly VocabularyBlock[],
  right: RightWords,
  weights: Value,
): Value {
  let parts: readonly BlockShare[];
  const make = (): Value => {
    const { share, logSum } = spread(graph, x, blocks);
    parts = share;
    const products = sum(graph, multiply(graph, x, right.vectors), [1]);
    const own = right.biases ? add(graph, products, right.biases) : products;
    return sum(graph, multiply(graph, subtract(graph, logSum, own), weights), [0, 1], false);
  };
  const gradient: Gradient = (dloss) => {
    const g = multiply(graph, weights, dloss!);
    const pull = map(graph, 'Neg', g);
    const shares = parts.map(({ share, probabilities }) => ({
      factor: multiply(graph, g, share),
      probabilities,
    }));
    return [
      () =>
        shares.reduce(
          (dx, { factor, probabilities }, index) =>
            add(graph, dx, multiply(graph, product(graph, probabilities, blocks[index]!.vectors), factor)),
          multiply(graph, right.vectors, pull),
        ),
      () => multiply(graph, x, pull),
      () => pull,
      ...shares.flatMap(({ factor, probabilities }) => [
        () => product(graph, probabilities, multiply(graph, x, factor), { transA: 1 }),
        () => columnSums(graph, probabilities, factor),
      ]),
    ];
  };
  const words = blocks.flatMap(({ vectors, biases }) => [vectors, biases]);
  return graph.asOne([x, right.vectors, right.biases, ...words], make, gradient);
}

interface BlockShare {
  /** Of each word among those of its block, [rows, words]. */
  readonly probabilities: Value;
  /** Of the block among all, [rows, 1]. */
  readonly share: Value;
}

/** How the words of all blocks share each row's probability, and the logarithm [rows, 1] of what they are shares of. */
function spread(
  graph: GraphBuilder,
  x: Value,
  blocks: readonly VocabularyBlock[],
): { share: readonly BlockShare[]; logSum: Value } {
  const own = blocks.map(({ vectors, biases }) => {
    const outputs = vectors.shape[0] as number;
    const logits = dense(graph, x, { kind: 'float32', outputs, weight: vectors, bias: biases });
    const probabilities = softmax(graph, logits);
    return { probabilities, logSum: logSumExp(graph, logits, probabilities) };
  });
  const logSums = concat(
    graph,
    own.map(({ logSum }) => logSum),
    1,
  );
  const together = softmax(graph, logSums);
  const shares = split(
    graph,
    together,
    blocks.map(() => 1),
  );
  return {
    share: own.map(({ probabilities }, index) => ({ probabilities, share: shares[index]! })),
    logSum: logSumExp(graph, logSums, together),
  };
}

/** Σ over rows of factor [rows, 1] · x [rows, columns]: [columns]. */
function columnSums(graph: GraphBuilder, x: Value, factor: Value): Value {
  return reshape(graph, product(graph, factor, x, { transA: 1 }), [x.shape[1]!]);
}
