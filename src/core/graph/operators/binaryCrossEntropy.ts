import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { add, map, multiply, subtract } from './elementwise';
import { sum } from './reduce';
import { softplus } from './softmax';

export interface CrossEntropyInputs {
  /** 0 or 1, [rows, outputs] */
  readonly targets: Value;
  /** What each row counts, [rows, 1]. */
  readonly weights: Value;
  /** What a target of 1 counts, [outputs] (PyTorch's `pos_weight`). */
  readonly positiveWeights: Value;
}

/**
 * The weighted sum of the binary cross-entropies of logits x [rows, outputs], as PyTorch's BCEWithLogitsLoss has them:
 * Σ weight · ((1 - t)·x + (1 + (p - 1)·t) · log(1 + e⁻ˣ)), a float32 scalar.
 *
 * Gradient: dx = weight · ((1 - t) - (1 + (p - 1)·t) · σ(-x)), for a loss that is this sum itself.
 */
export function binaryCrossEntropy(
  graph: GraphBuilder,
  x: Value,
  { targets, weights, positiveWeights }: CrossEntropyInputs,
): Value {
  const one = graph.scalar(1);
  const negatives = subtract(graph, one, targets);
  const share = add(graph, multiply(graph, subtract(graph, positiveWeights, one), targets), one);
  const opposite = map(graph, 'Neg', x);
  const gradient: Gradient = (dloss) => [
    () => {
      const pull = multiply(graph, share, map(graph, 'Sigmoid', opposite));
      return multiply(graph, multiply(graph, subtract(graph, negatives, pull), weights), dloss!);
    },
  ];
  const make = (): Value => {
    const each = add(graph, multiply(graph, negatives, x), multiply(graph, share, softplus(graph, opposite)));
    return sum(graph, multiply(graph, each, weights), [0, 1], false);
  };
  return graph.asOne([x], make, gradient);
}
