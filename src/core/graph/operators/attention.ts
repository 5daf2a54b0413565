import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { add, cast, map, multiply, subtract } from './elementwise';
import { concat, reshape, sizesOf, split, transpose, unsqueeze } from './shape';

/** Added to the score of a key that must not be seen: its weight after the softmax is zero in single precision. */
const hidden = -10_000;

/** Which keys a query sees. Undefined parts hide nothing. */
export interface AttentionMask {
  /** int32 [batch, length], 1 for a token, 0 for padding; only in fused graphs. */
  readonly padding: Value | undefined;
  /** Added to the scores: float32 [batch or 1, 1, length or 1, length]. */
  readonly bias: Value | undefined;
}

/** The heads of an attention, and ids [batch, length], whose sizes the run decides. */
export interface AttentionShape {
  readonly heads: number;
  readonly ids: Value;
}

/** A rotation of every position's head vectors: cosines and sines [length, headWidth / 2]. */
export interface Rotation {
  readonly cos: Value;
  readonly sin: Value;
}

/**
 * Hides padding, and keys further than `window` positions from the query.
 * @param padding int32 [batch, length], or undefined when no text of a batch is padded
 */
export function attentionMask(
  graph: GraphBuilder,
  ids: Value,
  padding: Value | undefined,
  window: number | undefined,
): AttentionMask {
  const windowBias = window === undefined ? undefined : slidingWindowBias(graph, ids, window);
  if (graph.fused || padding === undefined) return { padding, bias: windowBias };
  const paddingBias = unsqueeze(graph, biasOf(graph, cast(graph, padding, 'float32')), [1, 2]);
  return { padding: undefined, bias: windowBias ? add(graph, paddingBias, windowBias) : paddingBias };
}

/** 0 where |query - key| <= window, else `hidden`: [1, 1, length, length]. */
function slidingWindowBias(graph: GraphBuilder, ids: Value, window: number): Value {
  const keys = positions(graph, ids);
  const distance = map(graph, 'Abs', subtract(graph, unsqueeze(graph, keys, [1]), keys));
  const near = graph.node('LessOrEqual', [distance, graph.scalar(window)], { ...distance, type: 'bool' });
  return unsqueeze(graph, biasOf(graph, cast(graph, near, 'float32')), [0, 1]);
}

/** 1 becomes 0, and 0 becomes `hidden`. */
function biasOf(graph: GraphBuilder, visible: Value): Value {
  return multiply(graph, subtract(graph, graph.scalar(1), visible), graph.scalar(hidden));
}

/** 0, 1, 2 … as float32 [length]. */
function positions(graph: GraphBuilder, ids: Value): Value {
  const length = reshape(graph, sizesOf(graph, ids, 1), []);
  const range = [graph.scalar(0), cast(graph, length, 'float32'), graph.scalar(1)];
  return graph.node('Range', range, { type: 'float32', shape: ['length'] });
}

/** Rotary position embeddings (RoFormer, as GPT-NeoX pairs the halves): angles position / theta^(2i / headWidth). */
export function rotation(graph: GraphBuilder, ids: Value, headWidth: number, theta: number): Rotation {
  const frequencies = Array.from({ length: headWidth / 2 }, (_, i) => theta ** ((-2 * i) / headWidth));
  const angles = multiply(
    graph,
    unsqueeze(graph, positions(graph, ids), [1]),
    graph.constant('float32', frequencies, [1, frequencies.length]),
  );
  return { cos: map(graph, 'Cos', angles), sin: map(graph, 'Sin', angles) };
}

/**
 * Multi-head scaled dot-product attention of texts with themselves: softmax(QKᵀ / √headWidth + mask)·V.
 * @param qkv queries, keys and values side by side, [batch · length, 3 · width]
 * @returns [batch · length, width]
 */
export function selfAttention(
  graph: GraphBuilder,
  qkv: Value,
  shape: AttentionShape,
  mask: AttentionMask,
  rotary?: Rotation,
): Value {
  const width = lastDimension(qkv) / 3;
  const parts = split(graph, qkv, [width, width, width]) as [Value, Value, Value];
  const attended = graph.fused
    ? fusedAttention(graph, parts, shape, mask, rotary)
    : plainAttention(graph, parts, shape, mask, rotary);
  return reshape(graph, attended, [qkv.shape[0]!, width]);
}

function fusedAttention(
  graph: GraphBuilder,
  parts: readonly Value[],
  { heads, ids }: AttentionShape,
  mask: AttentionMask,
  rotary: Rotation | undefined,
): Value {
  const width = lastDimension(parts[0]!);
  const shape = ['batch', 'length', width];
  const sizes = concat(graph, [sizesOf(graph, ids), graph.constant('int64', [width])], 0, 3);
  let [query, key, value] = parts.map((part) => reshape(graph, part, shape, sizes)) as [Value, Value, Value];
  if (rotary) [query, key] = [query, key].map((x) => fusedRotate(graph, x, rotary, heads)) as [Value, Value];
  const inputs = [query, key, value, undefined, mask.padding, mask.bias];
  const attributes = { num_heads: heads, mask_filter_value: { float: hidden } };
  return graph.node('MultiHeadAttention', inputs, query, { domain: 'com.microsoft', attributes });
}

function fusedRotate(graph: GraphBuilder, x: Value, { cos, sin }: Rotation, heads: number): Value {
  const inputs = [x, graph.constant('int64', [0]), cos, sin];
  return graph.node('RotaryEmbedding', inputs, x, {
    domain: 'com.microsoft',
    attributes: { num_heads: heads },
  });
}

function plainAttention(
  graph: GraphBuilder,
  parts: readonly Value[],
  { heads, ids }: AttentionShape,
  mask: AttentionMask,
  rotary: Rotation | undefined,
): Value {
  const headWidth = lastDimension(parts[0]!) / heads;
  const sizes = concat(graph, [sizesOf(graph, ids), graph.constant('int64', [heads, headWidth])], 0, 4);
  const byHead = (x: Value) =>
    transpose(graph, reshape(graph, x, ['batch', 'length', heads, headWidth], sizes), [0, 2, 1, 3]);
  let [query, key, value] = parts.map(byHead) as [Value, Value, Value];
  if (rotary) [query, key] = [query, key].map((x) => plainRotate(graph, x, rotary)) as [Value, Value];
  const weights = attentionWeights(graph, query, key, mask.bias);
  return transpose(graph, matMul(graph, weights, value), [0, 2, 1, 3]);
}

/** softmax(QKᵀ / √headWidth + bias), [batch, heads, length, length]. */
function attentionWeights(graph: GraphBuilder, query: Value, key: Value, bias: Value | undefined): Value {
  const scale = graph.scalar(1 / Math.sqrt(lastDimension(query)));
  const scores = matMul(graph, multiply(graph, query, scale), transpose(graph, key, [0, 1, 3, 2]));
  return graph.node('Softmax', [bias ? add(graph, scores, bias) : scores], scores, {
    attributes: { axis: -1 },
  });
}

function plainRotate(graph: GraphBuilder, x: Value, { cos, sin }: Rotation): Value {
  const width = lastDimension(x);
  const [left, right] = split(graph, x, [width / 2, width / 2]) as [Value, Value];
  const first = subtract(graph, multiply(graph, left, cos), multiply(graph, right, sin));
  const second = add(graph, multiply(graph, right, cos), multiply(graph, left, sin));
  return concat(graph, [first, second], 3, width);
}

function matMul(graph: GraphBuilder, x: Value, y: Value): Value {
  return graph.node('MatMul', [x, y], { type: x.type, shape: [...x.shape.slice(0, -1), y.shape.at(-1)!] });
}
