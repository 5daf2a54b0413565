import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { add, map, subtract } from './elementwise';
import { largest } from './reduce';

/** e^x over its sum along the last axis; it is not differentiated. */
export function softmax(graph: GraphBuilder, x: Value): Value {
  return graph.node('Softmax', [x], x, { attributes: { axis: -1 } });
}

/**
 * log Σ e^x of each row of x [rows, width], given its softmax: [rows, 1]. The largest share of a row is 1 / Σ e^(x - max),
 * so that no exponential is computed twice. It is not differentiated.
 */
export function logSumExp(graph: GraphBuilder, x: Value, shares: Value): Value {
  return subtract(graph, largest(graph, x), map(graph, 'Log', largest(graph, shares)));
}

/** log(eˣ + eʸ), which does not overflow; it is not differentiated. */
export function logAddExp(graph: GraphBuilder, x: Value, y: Value): Value {
  return add(graph, x, softplus(graph, subtract(graph, y, x)));
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^-|x|), which does not overflow; it is not differentiated. */
export function softplus(graph: GraphBuilder, x: Value): Value {
  const small = map(graph, 'Exp', map(graph, 'Neg', map(graph, 'Abs', x)));
  return add(graph, map(graph, 'Relu', x), map(graph, 'Log', add(graph, small, graph.scalar(1))));
}
