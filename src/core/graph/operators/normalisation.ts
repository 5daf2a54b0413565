import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { add } from './elementwise';

/** Layer normalisation over the last axis: weight and bias [width], the bias absent in ModernBERT. */
export interface Norm {
  readonly weight: Value;
  readonly bias: Value | undefined;
  readonly epsilon: number;
}

/** Each row of x with zero mean and unit variance, scaled and shifted; the shape stays. */
export function layerNorm(graph: GraphBuilder, x: Value, { weight, bias, epsilon }: Norm): Value {
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  return graph.node('LayerNormalization', [x, weight, bias], x, { attributes });
}

/**
 * The sum of x and a residual of its shape, [rows, width], and the layer normalisation of that sum.
 *
 * ONNX Runtime has both in one operator, SkipLayerNormalization, which on the CPU takes four times as long as the two.
 */
export function addAndNormalise(
  graph: GraphBuilder,
  x: Value,
  residual: Value,
  norm: Norm,
): { sum: Value; normalised: Value } {
  const sum = add(graph, x, residual);
  return { sum, normalised: layerNorm(graph, sum, norm) };
}
