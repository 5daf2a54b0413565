import type { GraphBuilder } from '../graphBuilder';
import { bytesOf } from '../graphBuilder';
import type { Dimension, Value } from '../value';
import { lastDimension } from '../value';
import { add, multiply, subtract } from './elementwise';
import { concat, first, split } from './shape';

/** A rotation of every position's head vectors: cosines and sines [positions, headWidth / 2]. */
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
  return { cos: table('cos', Math.cos), sin: table('sin', Math.sin) };
}

/** The rotation of texts of some length. */
function ofLength(graph: GraphBuilder, { cos, sin }: Rotation, length: Dimension): Rotation {
  return { cos: first(graph, cos, 0, length), sin: first(graph, sin, 0, length) };
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
export function rotate(graph: GraphBuilder, x: Value, tables: Rotation): Value {
  const width = lastDimension(x);
  const { cos, sin } = ofLength(graph, tables, x.shape[2]!);
  const [left, right] = split(graph, x, [width / 2, width / 2]) as [Value, Value];
  const one = subtract(graph, multiply(graph, left, cos), multiply(graph, right, sin));
  const other = add(graph, multiply(graph, right, cos), multiply(graph, left, sin));
  return concat(graph, [one, other], 3);
}

/** The same for x [batch, length, heads · headWidth], in one operator of ONNX Runtime. */
export function rotateFused(graph: GraphBuilder, x: Value, tables: Rotation, heads: number): Value {
  const { cos, sin } = ofLength(graph, tables, x.shape[1]!);
  const inputs = [x, graph.constant('int64', [0]), cos, sin];
  return graph.node('RotaryEmbedding', inputs, x, {
    domain: 'com.microsoft',
    attributes: { num_heads: heads },
  });
}
