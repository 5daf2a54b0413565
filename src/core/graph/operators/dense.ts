import type { Gradient, GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { add, cast, map, multiply } from './elementwise';
import { largest, sum } from './reduce';
import { transpose } from './shape';

/** The weights of y = x·Wᵀ + b in single precision: weight [out, in], as checkpoints store it; bias [out]. */
export interface FloatLinear {
  readonly kind: 'float32';
  readonly outputs: number;
  readonly weight: Value;
  readonly bias: Value | undefined;
}

/**
 * The same in eight bits, symmetric per output: Wᵀ ≈ weight · scale, weight int8 [in, out], scale float32 [out].
 * The inputs are quantised in each run to uint8, with one scale for all of them (dynamic quantisation).
 */
export interface Int8Linear {
  readonly kind: 'int8';
  readonly outputs: number;
  readonly weight: Value;
  readonly scale: Value;
  readonly bias: Value | undefined;
}

export type Linear = FloatLinear | Int8Linear;

/** x·Wᵀ + b for x [rows, in]: [rows, out]. */
export function dense(graph: GraphBuilder, x: Value, linear: Linear): Value {
  return linear.kind === 'int8' ? int8Dense(graph, x, linear) : floatDense(graph, x, linear);
}

/**
 * The same for inputs of which some rows are far larger than the others, as the special tokens' are inside a
 * perceptron: one scale for all would leave the others a few steps. In eight bits, every row is brought to the
 * magnitude 1 first and its outputs back.
 */
export function denseOfUnevenRows(graph: GraphBuilder, x: Value, linear: Linear): Value {
  if (linear.kind === 'float32') return dense(graph, x, linear);
  const magnitude = rowMagnitude(graph, x);
  const even = graph.node('Div', [x, magnitude], x);
  const product = multiply(graph, int8Dense(graph, even, { ...linear, bias: undefined }), magnitude);
  return linear.bias === undefined ? product : add(graph, product, linear.bias);
}

/** The largest absolute value of each row of x [rows, width], never zero: [rows, 1]. */
function rowMagnitude(graph: GraphBuilder, x: Value): Value {
  const magnitude = largest(graph, map(graph, 'Abs', x));
  return graph.node('Max', [magnitude, graph.scalar(1e-20)], magnitude);
}

/** y = x·Wᵀ + b. Gradients: dx = dy·W, dW = dyᵀ·x, db = Σ dy. */
function floatDense(graph: GraphBuilder, x: Value, { weight, bias, outputs }: FloatLinear): Value {
  const gradient: Gradient = (dy) => [
    () => product(graph, dy!, weight),
    () => product(graph, dy!, x, { transA: 1 }),
    () => sum(graph, dy!, [0], false),
  ];
  const output = { type: x.type, shape: [x.shape[0]!, outputs] };
  if (!graph.turned)
    return graph.node('Gemm', [x, weight, bias], output, { attributes: { transB: 1 }, gradient });
  const make = () => graph.node('Gemm', [x, transpose(graph, weight, [1, 0]), bias], output);
  return graph.asOne([x, weight, bias], make, gradient);
}

/** The product of two matrices, the first transposed if asked for; it is not differentiated. */
export function product(
  graph: GraphBuilder,
  x: Value,
  y: Value,
  attributes: { transA?: number } = {},
): Value {
  const rows = x.shape[attributes.transA ? 1 : 0]!;
  return graph.node('Gemm', [x, y], { type: x.type, shape: [rows, lastDimension(y)] }, { attributes });
}

function int8Dense(graph: GraphBuilder, x: Value, { weight, scale, bias, outputs }: Int8Linear): Value {
  const output = { type: x.type, shape: [x.shape[0]!, outputs] };
  if (graph.fused) {
    const inputs = [x, weight, scale, undefined, bias];
    return graph.node('DynamicQuantizeMatMul', inputs, output, { domain: 'com.microsoft' });
  }
  const [quantised, inputScale, zeroPoint] = quantiseDynamically(graph, x);
  const sums = graph.node('MatMulInteger', [quantised, weight, zeroPoint], { ...output, type: 'int32' });
  const product = multiply(graph, cast(graph, sums, 'float32'), multiply(graph, inputScale, scale));
  return bias === undefined ? product : add(graph, product, bias);
}

/** x as uint8, its scale and its zero point. */
function quantiseDynamically(graph: GraphBuilder, x: Value): [Value, Value, Value] {
  return graph.nodeWithOutputs(
    'DynamicQuantizeLinear',
    [x],
    [
      { type: 'uint8', shape: x.shape },
      { type: 'float32', shape: [] },
      { type: 'uint8', shape: [] },
    ],
  ) as [Value, Value, Value];
}
