import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { add, map, multiply, subtract } from './elementwise';
import { concat, positions, split, unsqueeze } from './shape';

/** A rotation of every position's head vectors: cosines and sines [length, headWidth / 2]. */
export interface Rotation {
  readonly cos: Value;
  readonly sin: Value;
}

/**
 * The rotations of rotary position embeddings (Su et al. 2021), by angles position / theta^(2i / headWidth).
 * @param ids [batch, length]
 */
export function rotation(graph: GraphBuilder, ids: Value, headWidth: number, theta: number): Rotation {
  const frequencies = Array.from({ length: headWidth / 2 }, (_, i) => theta ** ((-2 * i) / headWidth));
  const angles = multiply(
    graph,
    unsqueeze(graph, positions(graph, ids), [1]),
    graph.constant('float32', frequencies, [1, frequencies.length]),
  );
  return { cos: map(graph, 'Cos', angles), sin: map(graph, 'Sin', angles) };
}

/** x [batch, heads, length, headWidth] rotated, feature i together with feature i + headWidth / 2. */
export function rotate(graph: GraphBuilder, x: Value, { cos, sin }: Rotation): Value {
  const width = lastDimension(x);
  const [left, right] = split(graph, x, [width / 2, width / 2]) as [Value, Value];
  const first = subtract(graph, multiply(graph, left, cos), multiply(graph, right, sin));
  const second = add(graph, multiply(graph, right, cos), multiply(graph, left, sin));
  return concat(graph, [first, second], 3, width);
}

/** The same for x [batch, length, heads · headWidth], in one operator of ONNX Runtime. */
export function rotateFused(graph: GraphBuilder, x: Value, { cos, sin }: Rotation, heads: number): Value {
  const inputs = [x, graph.constant('int64', [0]), cos, sin];
  return graph.node('RotaryEmbedding', inputs, x, {
    domain: 'com.microsoft',
    attributes: { num_heads: heads },
  });
}
