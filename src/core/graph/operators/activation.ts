import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { add, map, multiply } from './elementwise';

/** The activations that the published encoders use; `geluTanh` is GELU by its tanh approximation. */
export type Activation = 'gelu' | 'geluTanh' | 'relu' | 'silu';

/** The activation of every element of x, of any shape. */
export function activate(graph: GraphBuilder, x: Value, activation: Activation): Value {
  switch (activation) {
    case 'gelu':
      return gelu(graph, x);
    case 'geluTanh':
      return geluTanh(graph, x);
    case 'relu':
      return map(graph, 'Relu', x);
    case 'silu':
      return multiply(graph, x, map(graph, 'Sigmoid', x));
  }
}

/** x · Φ(x) by the error function. */
function gelu(graph: GraphBuilder, x: Value): Value {
  if (graph.fused) return graph.node('Gelu', [x], x, microsoft);
  const erf = map(graph, 'Erf', multiply(graph, x, graph.scalar(Math.SQRT1_2)));
  return multiply(graph, multiply(graph, x, add(graph, erf, graph.scalar(1))), graph.scalar(0.5));
}

/** ½x · (1 + tanh(√(2/π) · (x + 0.044715x³))). */
function geluTanh(graph: GraphBuilder, x: Value): Value {
  if (graph.fused) return graph.node('FastGelu', [x], x, microsoft);
  const cube = multiply(graph, multiply(graph, x, x), x);
  const inner = add(graph, x, multiply(graph, cube, graph.scalar(0.044715)));
  const tanh = map(graph, 'Tanh', multiply(graph, inner, graph.scalar(Math.sqrt(2 / Math.PI))));
  return multiply(graph, multiply(graph, x, add(graph, tanh, graph.scalar(1))), graph.scalar(0.5));
}

const microsoft = { domain: 'com.microsoft' } as const;
