import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { dense, product } from './dense';
import { add, map, multiply, subtract } from './elementwise';
import { sum } from './reduce';
import { reshape } from './shape';
import { logAddExp, logSumExp, softmax } from './softmax';

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
 * dr = -g ∘ x and db_r = -g, so that nothing as large as p is computed besides it. p is kept rather than
 * computed again: it is smaller than what learning keeps of the words themselves, and a product in four is saved.
 */
export function vocabularyCrossEntropy(
  graph: GraphBuilder,
  x: Value,
  blocks: readonly VocabularyBlock[],
  right: RightWords,
  weights: Value,
): Value {
  let spreads: readonly Spread[];
  let logSum: Value;
  const make = (): Value => {
    spreads = blocks.map((block) => spread(graph, x, block));
    logSum = spreads.map((block) => block.logSum).reduce((sum, own) => logAddExp(graph, sum, own));
    const products = sum(graph, multiply(graph, x, right.vectors), [1]);
    const own = right.biases ? add(graph, products, right.biases) : products;
    return sum(graph, multiply(graph, subtract(graph, logSum, own), weights), [0, 1], false);
  };
  const gradient: Gradient = (dloss) => {
    const g = multiply(graph, weights, dloss!);
    const pull = map(graph, 'Neg', g);
    const shares = spreads.map(({ probabilities, logSum: own }) => {
      const share = map(graph, 'Exp', subtract(graph, own, logSum));
      return { factor: multiply(graph, g, share), probabilities };
    });
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

interface Spread {
  /** Of each word among those of its block, [rows, words]. */
  readonly probabilities: Value;
  /** log Σ e^logit of the block, [rows, 1]. */
  readonly logSum: Value;
}

/** How the words of a block share the probability that it has. */
function spread(graph: GraphBuilder, x: Value, { vectors, biases }: VocabularyBlock): Spread {
  const outputs = vectors.shape[0] as number;
  const logits = dense(graph, x, { kind: 'float32', outputs, weight: vectors, bias: biases });
  const probabilities = softmax(graph, logits);
  return { probabilities, logSum: logSumExp(graph, logits, probabilities) };
}

/** Σ over rows of factor [rows, 1] · x [rows, columns]: [columns]. */
function columnSums(graph: GraphBuilder, x: Value, factor: Value): Value {
  return reshape(graph, product(graph, factor, x, { transA: 1 }), [x.shape[1]!]);
}
