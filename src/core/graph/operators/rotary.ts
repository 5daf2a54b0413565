import type { GraphBuilder } from '../graphBuilder';
import { bytesOf } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { add, multiply, subtract } from './elementwise';
import { firstRows } from './embedding';
import { concat, split } from './shape';

/** A rotation of every position's head vectors: cosines and sines [length, headWidth / 2]. */
export interface Rotation {
  readonly cos: Value;
  readonly sin: Value;
}

/**
 * The rotations of rotary position embeddings (Su et al. 2021), by angles position / theta^(2i / headWidth).
 *
 * Tables of all positions, because graphics processors compute sines of large angles to three digits only.
 * @param positions the longest length
 */
export function rotation(graph: GraphBuilder, positions: number, headWidth: number, theta: number): Rotation {
  const frequencies = Array.from({ length: headWidth / 2 }, (_, i) => theta ** ((-2 * i) / headWidth));
  const table = (name: string, wave: (angle: number) => number) =>
    graph.initializer(`rotary.${name}.${theta}`, 'float32', [positions, frequencies.length], (target) =>
      target.set(bytesOf(waves(frequencies, positions, wave))),
    );
  return {
    cos: firstRows(graph, table('cos', Math.cos)),
    sin: firstRows(graph, table('sin', Math.sin)),
  };
}

/** wave(position · frequency), [positions, frequencies]. */
function waves(
  frequencies: readonly number[],
  positions: number,
  wave: (angle: number) => number,
): Float32Array {
  const width = frequencies.length;
  const table = new Float32Array(positions * width);
  for (let i = 0; i < table.length; i++) table[i] = wave(Math.floor(i / width) * frequencies[i % width]!);
  return table;
}

/** x [batch, heads, length, headWidth] rotated, feature i together with feature i + headWidth / 2. */
export function rotate(graph: GraphBuilder, x: Value, { cos, sin }: Rotation): Value {
  const width = lastDimension(x);
  const [left, right] = split(graph, x, [width / 2, width / 2]) as [Value, Value];
  const first = subtract(graph, multiply(graph, left, cos), multiply(graph, right, sin));
  const second = add(graph, multiply(graph, right, cos), multiply(graph, left, sin));
  return concat(graph, [first, second], 3);
}

/** The same for x [batch, length, heads · headWidth], in one operator of ONNX Runtime. */
export function rotateFused(graph: GraphBuilder, x: Value, { cos, sin }: Rotation, heads: number): Value {
  const inputs = [x, graph.constant('int64', [0]), cos, sin];
  return graph.node('RotaryEmbedding', inputs, x, {
    domain: 'com.microsoft',
    attributes: { num_heads: heads },
  });
}
