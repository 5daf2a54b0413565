import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import type { AttentionMask } from './attentionMask';
import { hiddenScore } from './attentionMask';
import type { Dropout } from './dropout';
import { noDropout } from './dropout';
import { add, multiply } from './elementwise';
import { matMul } from './matMul';
import type { Rotation } from './rotary';
import { rotate, rotateFused } from './rotary';
import { reshape, split, transpose } from './shape';
import { softAverage } from './softAverage';

/** Queries, keys and values, of one shape. */
export type QueryKeyValue = readonly [Value, Value, Value];

/** How an attention reads its input. */
export interface AttentionOptions {
  readonly heads: number;
  readonly mask: AttentionMask;
  /** Turns queries and keys by their positions; absent where positions are part of the input. */
  readonly rotation?: Rotation;
  /** Of the attention weights, while training. */
  readonly dropout?: Dropout;
}

/**
 * Multi-head scaled dot-product attention of texts with themselves: softmax(QKᵀ / √headWidth + mask)·V.
 * @param qkv queries, keys and values side by side, [batch · length, 3 · width]
 * @returns [batch · length, width]
 */
export function selfAttention(graph: GraphBuilder, qkv: Value, options: AttentionOptions): Value {
  const width = lastDimension(qkv) / 3;
  return attend(graph, split(graph, qkv, [width, width, width]) as [Value, Value, Value], options);
}

/** The same for queries, keys and values apart, each [batch · length, width]. */
export function attend(graph: GraphBuilder, parts: QueryKeyValue, options: AttentionOptions): Value {
  const attention = graph.fused && !graph.differentiable ? fusedAttention : plainAttention;
  return reshape(graph, attention(graph, parts, options), parts[0].shape);
}

function fusedAttention(
  graph: GraphBuilder,
  parts: QueryKeyValue,
  { heads, mask, rotation }: AttentionOptions,
): Value {
  const width = lastDimension(parts[0]);
  const perText = (x: Value) => reshape(graph, x, ['batch', 'length', width]);
  const turned = (x: Value) => (rotation ? rotateFused(graph, x, rotation, heads) : x);
  const [query, key, value] = parts.map(perText) as [Value, Value, Value];
  const inputs = [turned(query), turned(key), value, undefined, mask.padding, mask.bias];
  const attributes = { num_heads: heads, mask_filter_value: { float: hiddenScore } };
  return graph.node('MultiHeadAttention', inputs, query, { domain: 'com.microsoft', attributes });
}

/** [batch, length, heads, headWidth], by way of the weights [batch, heads, length, length]. */
function plainAttention(
  graph: GraphBuilder,
  parts: QueryKeyValue,
  { heads, mask, rotation, dropout = noDropout }: AttentionOptions,
): Value {
  const headWidth = lastDimension(parts[0]) / heads;
  const perHead = (x: Value) =>
    transpose(graph, reshape(graph, x, ['batch', 'length', heads, headWidth]), [0, 2, 1, 3]);
  const turned = (x: Value) => (rotation ? rotate(graph, x, rotation) : x);
  const [query, key, value] = parts.map(perHead) as [Value, Value, Value];
  const scaled = multiply(graph, turned(query), graph.scalar(1 / Math.sqrt(headWidth)));
  const scores = matMul(graph, scaled, turned(key), { y: true });
  const masked = mask.bias ? add(graph, scores, mask.bias) : scores;
  return transpose(graph, softAverage(graph, masked, value, dropout), [0, 2, 1, 3]);
}
