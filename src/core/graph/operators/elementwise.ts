import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Dimension, ElementType, Value } from '../value';
import { sumTo } from './reduce';

/** x + y, broadcast. Gradients: dz, dz. */
export function add(graph: GraphBuilder, x: Value, y: Value): Value {
  const gradient: Gradient = (dz) => [() => sumTo(graph, dz!, x), () => sumTo(graph, dz!, y)];
  return graph.node('Add', [x, y], { type: x.type, shape: broadcast(x, y) }, { gradient });
}

/** x - y, broadcast. Gradients: dz, -dz. */
export function subtract(graph: GraphBuilder, x: Value, y: Value): Value {
  const gradient: Gradient = (dz) => [
    () => sumTo(graph, dz!, x),
    () => sumTo(graph, map(graph, 'Neg', dz!), y),
  ];
  return graph.node('Sub', [x, y], { type: x.type, shape: broadcast(x, y) }, { gradient });
}

/** x * y, broadcast. Gradients: dz·y, dz·x. */
export function multiply(graph: GraphBuilder, x: Value, y: Value): Value {
  const gradient: Gradient = (dz) => [
    () => sumTo(graph, multiply(graph, dz!, y), x),
    () => sumTo(graph, multiply(graph, dz!, x), y),
  ];
  return graph.node('Mul', [x, y], { type: x.type, shape: broadcast(x, y) }, { gradient });
}

/** An operator of one input that keeps its shape and type, such as `Sin`; it is not differentiated. */
export function map(graph: GraphBuilder, op: string, x: Value): Value {
  return graph.node(op, [x], x);
}

/** x with elements of another type. */
export function cast(graph: GraphBuilder, x: Value, type: ElementType): Value {
  return graph.node('Cast', [x], { type, shape: x.shape }, { attributes: { to: graph.storedType(type) } });
}

/** The shape of two values after broadcasting, as NumPy does it; a named dimension wins over 1 only. */
function broadcast(x: Value, y: Value): Dimension[] {
  const rank = Math.max(x.shape.length, y.shape.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = x.shape.at(axis - rank) ?? 1;
    const right = y.shape.at(axis - rank) ?? 1;
    const [a, b] = [axis < rank - x.shape.length ? 1 : left, axis < rank - y.shape.length ? 1 : right];
    if (a !== b && a !== 1 && b !== 1) throw new Error(`[${x.shape}] and [${y.shape}] do not broadcast`);
    return a === 1 ? b : a;
  });
}
