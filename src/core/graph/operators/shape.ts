import type { GraphBuilder } from '../graphBuilder';
import type { Dimension, Value } from '../value';
import { cast } from './elementwise';

/**
 * x in another shape of as many elements. `sizes` is an int64 vector, for lengths that each run decides;
 * without it every dimension of `shape` is known, -1 standing for the one that follows from the others.
 */
export function reshape(graph: GraphBuilder, x: Value, shape: readonly Dimension[], sizes?: Value): Value {
  const target = sizes ?? graph.constant('int64', knownSizes(shape));
  return graph.node('Reshape', [x, target], { type: x.type, shape });
}

function knownSizes(shape: readonly Dimension[]): number[] {
  const sizes = shape.map((size) => (typeof size === 'number' ? size : -1));
  if (sizes.filter((size) => size === -1).length > 1) throw new Error(`[${shape}] has two unknown lengths`);
  return sizes;
}

/** x with its axes in the order `permutation`. */
export function transpose(graph: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => x.shape[axis]!);
  return graph.node('Transpose', [x], { type: x.type, shape }, { attributes: { perm: permutation } });
}

/** x cut along its last axis into parts of the given widths. */
export function split(graph: GraphBuilder, x: Value, widths: readonly number[]): Value[] {
  const rows = x.shape.slice(0, -1);
  return graph.nodeWithOutputs(
    'Split',
    [x, graph.constant('int64', widths)],
    widths.map((width) => ({ type: x.type, shape: [...rows, width] })),
    { attributes: { axis: -1 } },
  );
}

/** Values joined along an axis, of which `size` is the length of the result. */
export function concat(graph: GraphBuilder, values: readonly Value[], axis: number, size: Dimension): Value {
  const shape = values[0]!.shape.map((length, at) => (at === axis ? size : length));
  return graph.node('Concat', values, { type: values[0]!.type, shape }, { attributes: { axis } });
}

/** x with axes of length 1 inserted so that they stand at `axes` in the result. */
export function unsqueeze(graph: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const shape: Dimension[] = [...x.shape];
  for (const axis of axes) shape.splice(axis, 0, 1);
  return graph.node('Unsqueeze', [x, graph.constant('int64', axes)], { type: x.type, shape });
}

/** The lengths of x's axes from `start` to before `end`, an int64 vector. */
export function sizesOf(graph: GraphBuilder, x: Value, start = 0, end = x.shape.length): Value {
  return graph.node('Shape', [x], { type: 'int64', shape: [end - start] }, { attributes: { start, end } });
}

/** The positions 0, 1, 2 … of ids [batch, length], as float32 [length]. */
export function positions(graph: GraphBuilder, ids: Value): Value {
  const length = cast(graph, reshape(graph, sizesOf(graph, ids, 1), []), 'float32');
  return graph.node('Range', [graph.scalar(0), length, graph.scalar(1)], {
    type: 'float32',
    shape: ['length'],
  });
}
