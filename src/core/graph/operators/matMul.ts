import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { transpose } from './shape';

/** Which factors are transposed in their last two axes before they are multiplied. */
export interface Transposed {
  readonly x?: boolean;
  readonly y?: boolean;
}

/**
 * x·y over the last two axes, the others being equal: [.., rows, inner]·[.., inner, columns].
 * Gradients: dx = dz·yᵀ, dy = xᵀ·dz, themselves transposed where the factors were.
 */
export function matMul(graph: GraphBuilder, x: Value, y: Value, transposed: Transposed = {}): Value {
  const { x: tx = false, y: ty = false } = transposed;
  const gradient: Gradient = (dz) => [
    () => (tx ? matMul(graph, y, dz!, { x: ty, y: true }) : matMul(graph, dz!, y, { y: !ty })),
    () => rightGradient(graph, x, dz!, tx, ty),
  ];
  const shape = [...x.shape.slice(0, -2), x.shape.at(tx ? -1 : -2)!, y.shape.at(ty ? -2 : -1)!];
  const output = { type: x.type, shape };
  if ((tx || ty) && graph.fused) {
    const attributes = { transA: Number(tx), transB: Number(ty) };
    return graph.node('FusedMatMul', [x, y], output, { domain: 'com.microsoft', attributes, gradient });
  }
  if (!tx && !ty) return graph.node('MatMul', [x, y], output, { gradient });
  const left = () => (tx ? turned(graph, x) : x);
  const right = () => (ty ? turned(graph, y) : y);
  return graph.asOne([x, y], () => graph.node('MatMul', [left(), right()], output), gradient);
}

/** dy = xᵀ·dz, for x and y that were transposed where `tx` and `ty` say so. */
function rightGradient(graph: GraphBuilder, x: Value, dz: Value, tx: boolean, ty: boolean): Value {
  if (tx) return ty ? matMul(graph, dz, x, { x: true, y: true }) : matMul(graph, x, dz);
  return ty ? turnedProduct(graph, dz, x) : turnedProduct(graph, x, dz);
}

/**
 * xᵀ·y. A large first factor takes several times longer to turn than a small one, so the attention weights
 * [.., length, length] stay as they are: (yᵀ·x)ᵀ.
 */
export function turnedProduct(graph: GraphBuilder, x: Value, y: Value): Value {
  const large = typeof x.shape.at(-1) === 'string' && typeof y.shape.at(-1) === 'number';
  return large ? turned(graph, matMul(graph, y, x, { x: true })) : matMul(graph, x, y, { x: true });
}

/** x with its last two axes exchanged. */
function turned(graph: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(graph, x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}
