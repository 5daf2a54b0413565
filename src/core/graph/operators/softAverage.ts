import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import type { Dropout } from './dropout';
import { multiply, subtract } from './elementwise';
import { matMul, turnedProduct } from './matMul';
import { sum } from './reduce';
import { softmax } from './softmax';

/**
 * y = (m ∘ softmax(scores))·values, m the mask of dropout: for each query the average of the values, weighted by its
 * scores [.., queries, keys].
 *
 * Gradients, with p = softmax(scores): dvalues = (m ∘ p)ᵀ·dy, dscores = p ∘ (m ∘ (dy·valuesᵀ) - Σ dy ∘ y). The sum
 * over a query's row of y is that of dp ∘ p over its keys (Dao et al. 2022), at a fraction of the cost.
 */
export function softAverage(graph: GraphBuilder, scores: Value, values: Value, dropout: Dropout): Value {
  if (!graph.differentiable) return matMul(graph, softmax(graph, scores), values);
  const mask = dropout(graph);
  const masked = (x: Value) => (mask ? multiply(graph, x, mask) : x);
  const last = scores.shape.length - 1;
  let probabilities: Value;
  let weights: Value;
  const make = () => {
    probabilities = softmax(graph, scores);
    weights = masked(probabilities);
    return matMul(graph, weights, values);
  };
  const gradient: Gradient = (dy) => [
    () => {
      const byWeight = masked(matMul(graph, dy!, values, { y: true }));
      const mean = sum(graph, multiply(graph, dy!, y), [last]);
      return multiply(graph, probabilities, subtract(graph, byWeight, mean));
    },
    () => turnedProduct(graph, weights, dy!),
  ];
  const y: Value = graph.asOne([scores, values], make, gradient);
  return y;
}
