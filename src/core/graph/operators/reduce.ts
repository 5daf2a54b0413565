import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';

/** The sum of x along some axes, which stay with length 1 or, without `keep`, go. Gradients are not defined. */
export function sum(graph: GraphBuilder, x: Value, axes: readonly number[], keep = true): Value {
  const shape = x.shape.flatMap((length, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [length]));
  return graph.node(
    'ReduceSum',
    [x, graph.constant('int64', axes)],
    { type: x.type, shape },
    { attributes: { keepdims: Number(keep) } },
  );
}

/** The largest element of each row of x [rows, width]: [rows, 1]. Gradients are not defined. */
export function largest(graph: GraphBuilder, x: Value): Value {
  const output = { type: x.type, shape: [x.shape[0]!, 1] };
  return graph.node('ReduceMax', [x], output, { attributes: { axes: [1] } });
}

/** The gradient by a value that was broadcast: that of the result, summed over the axes along which it was repeated. */
export function sumTo(graph: GraphBuilder, gradient: Value, { shape }: Value): Value {
  const added = gradient.shape.length - shape.length;
  const leading = Array.from({ length: added }, (_, axis) => axis);
  const inner = added > 0 ? sum(graph, gradient, leading, false) : gradient;
  const repeated = shape.flatMap((length, axis) => (length === 1 && inner.shape[axis] !== 1 ? [axis] : []));
  return repeated.length > 0 ? sum(graph, inner, repeated) : inner;
}
