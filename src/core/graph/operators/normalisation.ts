import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { multiply, subtract } from './elementwise';
import { matMul } from './matMul';
import { sum } from './reduce';
import { reshape } from './shape';

/** Layer normalisation over the last axis: weight and bias [width], the bias absent in ModernBERT. */
export interface Norm {
  readonly weight: Value;
  readonly bias: Value | undefined;
  readonly epsilon: number;
}

/**
 * Each row of x [rows, width] with zero mean and unit variance, scaled and shifted: n = (x - mean) · s, y = n·w + b.
 *
 * Gradients: dx = s·(g - mean(g) - n·mean(g·n)) with g = dy·w; dw = Σ dy·n; db = Σ dy.
 */
export function layerNorm(graph: GraphBuilder, x: Value, { weight, bias, epsilon }: Norm): Value {
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  if (!graph.differentiable) return graph.node('LayerNormalization', [x, weight, bias], x, { attributes });
  const statistic = { type: x.type, shape: [x.shape[0]!, 1] };
  const gradient: Gradient = (dy) => {
    const rows: Value = graph.once(`normalised ${y!.name}`, () =>
      multiply(graph, subtract(graph, x, mean!), deviation!),
    );
    const products = graph.once(`products ${y!.name}`, () => multiply(graph, dy!, rows));
    return [
      () => inputGradient(graph, { rows, products, weight, deviation: deviation! }, dy!),
      () => sum(graph, products, [0], false),
      () => sum(graph, dy!, [0], false),
    ];
  };
  const [y, mean, deviation] = graph.nodeWithOutputs(
    'LayerNormalization',
    [x, weight, bias],
    [x, statistic, statistic],
    { attributes, gradient },
  );
  return y!;
}

interface Normalised {
  /** n, [rows, width] */
  readonly rows: Value;
  /** dy·n, [rows, width] */
  readonly products: Value;
  readonly weight: Value;
  /** s, [rows, 1] */
  readonly deviation: Value;
}

/** dx. The means over a row are products with w / width: cheaper than a pass for g and one to add it up. */
function inputGradient(
  graph: GraphBuilder,
  { rows, products, weight, deviation }: Normalised,
  dy: Value,
): Value {
  const width = lastDimension(dy);
  const column = multiply(graph, reshape(graph, weight, [width, 1]), graph.scalar(1 / width));
  const mean = matMul(graph, dy, column);
  const along = matMul(graph, products, column);
  const g = multiply(graph, dy, weight);
  const centred = subtract(graph, subtract(graph, g, mean), multiply(graph, rows, along));
  return multiply(graph, centred, deviation);
}
