import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Dimension, Value } from '../value';
import { cast } from './elementwise';

/**
 * x in another shape of as many elements. The graph knows the lengths of named dimensions; one that it does not know may
 * follow from the others. Gradient: the same numbers in the old shape.
 */
export function reshape(graph: GraphBuilder, x: Value, shape: readonly Dimension[]): Value {
  const gradient: Gradient = (dy) => [() => reshape(graph, dy!, x.shape)];
  return graph.node('Reshape', [x, sizesOf(graph, shape)], { type: x.type, shape }, { gradient });
}

/** A shape as an int64 vector, -1 for its first named dimension. */
function sizesOf(graph: GraphBuilder, shape: readonly Dimension[]): Value {
  const free = shape.findIndex((length) => typeof length === 'string');
  const lengths = shape.map((length, axis) => (axis === free ? -1 : length));
  if (lengths.every((length) => typeof length === 'number')) return graph.constant('int64', lengths);
  return graph.once(`sizes ${lengths}`, () =>
    concat(
      graph,
      lengths.map((length) => graph.lengthOf(length)),
      0,
    ),
  );
}

/** x with its axes in the order `permutation`. Gradient: the axes in their old order. */
export function transpose(graph: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => x.shape[axis]!);
  const back = permutation.map((_, axis) => permutation.indexOf(axis));
  const gradient: Gradient = (dy) => [() => transpose(graph, dy!, back)];
  return graph.node(
    'Transpose',
    [x],
    { type: x.type, shape },
    { attributes: { perm: permutation }, gradient },
  );
}

/** x cut along its last axis into parts of the given widths. Gradient: those of the parts, joined. */
export function split(graph: GraphBuilder, x: Value, widths: readonly number[]): Value[] {
  const rows = x.shape.slice(0, -1);
  const gradient: Gradient = (...parts) => [() => concat(graph, allOf(parts), rows.length)];
  return graph.nodeWithOutputs(
    'Split',
    [x, graph.constant('int64', widths)],
    widths.map((width) => ({ type: x.type, shape: [...rows, width] })),
    { attributes: { axis: -1 }, gradient },
  );
}

function allOf(parts: readonly (Value | undefined)[]): Value[] {
  return parts.map((part) => {
    if (!part) throw new Error('a part of a split is not used, so its gradient is unknown');
    return part;
  });
}

/**
 * Values joined along an axis. Gradient along the last axis: cut as they were.
 * @param length of the result along the axis, where the graph does not know those of the values
 */
export function concat(
  graph: GraphBuilder,
  values: readonly Value[],
  axis: number,
  length?: Dimension,
): Value {
  const lengths = () => values.map(({ shape }) => knownLength(shape[axis]!));
  const joined = length ?? total(lengths());
  const shape = values[0]!.shape.map((own, at) => (at === axis ? joined : own));
  const gradient: Gradient = (dy) => {
    if (axis !== shape.length - 1) throw new Error('concat is differentiated along the last axis only');
    const parts = split(graph, dy!, lengths());
    return parts.map((part) => () => part);
  };
  return graph.node('Concat', values, { type: values[0]!.type, shape }, { attributes: { axis }, gradient });
}

function knownLength(length: Dimension): number {
  if (typeof length === 'string')
    throw new Error(`the length of ${length} is not known when the graph is built`);
  return length;
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** x with axes of length 1 inserted so that they stand at `axes` in the result; it is not differentiated. */
export function unsqueeze(graph: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const shape: Dimension[] = [...x.shape];
  for (const axis of axes) shape.splice(axis, 0, 1);
  return graph.node('Unsqueeze', [x, graph.constant('int64', axes)], { type: x.type, shape });
}

/** The positions 0, 1, 2 … of a text whose tokens a dimension counts, as int32 [length]. */
export function positions(graph: GraphBuilder, length: Dimension): Value {
  const end = cast(graph, reshape(graph, graph.lengthOf(length), []), 'int32');
  const [zero, one] = [graph.constant('int32', [0], []), graph.constant('int32', [1], [])];
  return graph.node('Range', [zero, end, one], { type: 'int32', shape: [length] });
}

/** The first elements of x along an axis, as many as a dimension counts, made once; it is not differentiated. */
export function first(graph: GraphBuilder, x: Value, axis: number, length: Dimension): Value {
  const [start, end] = [graph.constant('int64', [0]), graph.lengthOf(length)];
  const output = { type: x.type, shape: x.shape.with(axis, length) };
  return graph.once(`first ${length} of ${x.name} along ${axis}`, () =>
    graph.node('Slice', [x, start, end, graph.constant('int64', [axis])], output),
  );
}

/**
 * The rows of x [rows, width] in consecutive parts. Gradient: those of the parts, joined.
 * @param lengths int64 [parts], the rows of each
 * @param names of the parts' first dimensions, whose lengths they tell
 */
export function splitRows(
  graph: GraphBuilder,
  x: Value,
  lengths: Value,
  names: readonly Dimension[],
): Value[] {
  const [rows, ...width] = x.shape;
  const gradient: Gradient = (...parts) => [() => joinRows(graph, allOf(parts), lengths, rows!)];
  const outputs = names.map((name) => ({ type: x.type, shape: [name, ...width] }));
  const parts = graph.nodeWithOutputs('Split', [x, lengths], outputs, { attributes: { axis: 0 }, gradient });
  for (const part of parts) graph.tellLengths(part);
  return parts;
}

/** Parts [length, width] one after another: [rows, width]. Gradient: cut as they were. */
export function joinRows(
  graph: GraphBuilder,
  parts: readonly Value[],
  lengths: Value,
  rows: Dimension,
): Value {
  const names = parts.map(({ shape }) => shape[0]!);
  const gradient: Gradient = (dy) => splitRows(graph, dy!, lengths, names).map((part) => () => part);
  const shape = [rows, ...parts[0]!.shape.slice(1)];
  return graph.node('Concat', parts, { type: parts[0]!.type, shape }, { attributes: { axis: 0 }, gradient });
}
