import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { add, map, multiply, subtract } from './elementwise';

/** The activations that the published encoders use; `geluTanh` is GELU by its tanh approximation. */
export type Activation = 'gelu' | 'geluTanh' | 'relu' | 'silu';

type Elementwise = (graph: GraphBuilder, x: Value) => Value;

/** f and f′, as nodes. */
interface ActivationFunction {
  readonly value: Elementwise;
  readonly derivative: Elementwise;
}

/** The activation of every element of x, of any shape. Gradient: dx = dy · f′(x). */
export function activate(graph: GraphBuilder, x: Value, activation: Activation): Value {
  const { value, derivative } = functions[activation];
  return graph.asOne(
    [x],
    () => value(graph, x),
    (dy) => [() => multiply(graph, dy!, derivative(graph, x))],
  );
}

const functions: Readonly<Record<Activation, ActivationFunction>> = {
  gelu: { value: gelu, derivative: geluDerivative },
  geluTanh: { value: geluTanh, derivative: geluTanhDerivative },
  relu: { value: (graph, x) => map(graph, 'Relu', x), derivative: reluDerivative },
  silu: { value: silu, derivative: siluDerivative },
};

/** x · Φ(x) by the error function. */
function gelu(graph: GraphBuilder, x: Value): Value {
  if (graph.fused) return graph.node('Gelu', [x], x, microsoft);
  return multiply(graph, x, normalDistribution(graph, multiply(graph, x, graph.scalar(Math.SQRT1_2))));
}

/** Φ(x) + x · φ(x), where x · φ(x) = t · e^-t² / √π for t = x / √2. */
function geluDerivative(graph: GraphBuilder, x: Value): Value {
  const t = multiply(graph, x, graph.scalar(Math.SQRT1_2));
  const exponent = subtract(graph, graph.scalar(-0.5 * Math.log(Math.PI)), multiply(graph, t, t));
  return add(graph, normalDistribution(graph, t), multiply(graph, t, map(graph, 'Exp', exponent)));
}

/** Φ(x) = ½ + ½ erf(t), for t = x / √2. */
function normalDistribution(graph: GraphBuilder, t: Value): Value {
  return add(graph, multiply(graph, map(graph, 'Erf', t), graph.scalar(0.5)), graph.scalar(0.5));
}

/** ½x · (1 + tanh u), u = √(2/π) · (x + 0.044715x³). */
function geluTanh(graph: GraphBuilder, x: Value): Value {
  if (graph.fused) return graph.node('FastGelu', [x], x, microsoft);
  const half = multiply(graph, x, graph.scalar(0.5));
  return multiply(graph, half, add(graph, geluTangent(graph, x).tanh, graph.scalar(1)));
}

/** ½(1 + tanh u) + ½x · (1 - tanh² u) · u′, u′ = √(2/π) · (1 + 3 · 0.044715x²). */
function geluTanhDerivative(graph: GraphBuilder, x: Value): Value {
  const { tanh, square } = geluTangent(graph, x);
  const one = graph.scalar(1);
  const slope = add(graph, multiply(graph, square, graph.scalar(3 * cubic * root)), graph.scalar(root));
  const bend = multiply(graph, subtract(graph, one, multiply(graph, tanh, tanh)), multiply(graph, x, slope));
  return multiply(graph, add(graph, add(graph, tanh, one), bend), graph.scalar(0.5));
}

const root = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** tanh u and x². */
function geluTangent(graph: GraphBuilder, x: Value): { tanh: Value; square: Value } {
  const square = multiply(graph, x, x);
  const factor = add(graph, multiply(graph, square, graph.scalar(cubic * root)), graph.scalar(root));
  return { tanh: map(graph, 'Tanh', multiply(graph, x, factor)), square };
}

/** 1 where x > 0. */
function reluDerivative(graph: GraphBuilder, x: Value): Value {
  return map(graph, 'Relu', map(graph, 'Sign', x));
}

function silu(graph: GraphBuilder, x: Value): Value {
  return multiply(graph, x, map(graph, 'Sigmoid', x));
}

/** σ + x · σ · (1 - σ). */
function siluDerivative(graph: GraphBuilder, x: Value): Value {
  const sigmoid = map(graph, 'Sigmoid', x);
  const rest = subtract(graph, graph.scalar(1), sigmoid);
  return multiply(graph, sigmoid, add(graph, multiply(graph, x, rest), graph.scalar(1)));
}

const microsoft = { domain: 'com.microsoft' } as const;
