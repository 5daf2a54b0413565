import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import type { AttentionMask } from './attentionMask';
import { hiddenScore } from './attentionMask';
import { add, multiply } from './elementwise';
import type { Rotation } from './rotary';
import { rotate, rotateFused } from './rotary';
import { concat, reshape, sizesOf, split, transpose } from './shape';

/** Queries, keys and values. */
export type Parts = readonly [Value, Value, Value];

/** How an attention reads its input. */
export interface AttentionOptions {
  readonly heads: number;
  /** [batch, length], for the sizes that each run decides. */
  readonly ids: Value;
  readonly mask: AttentionMask;
  /** Turns queries and keys by their positions; absent where positions are part of the input. */
  readonly rotation?: Rotation;
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
export function attend(graph: GraphBuilder, parts: Parts, options: AttentionOptions): Value {
  const attended = graph.fused
    ? fusedAttention(graph, parts, options)
    : plainAttention(graph, parts, options);
  return reshape(graph, attended, parts[0].shape);
}

function fusedAttention(
  graph: GraphBuilder,
  parts: Parts,
  { heads, ids, mask, rotation }: AttentionOptions,
): Value {
  const width = lastDimension(parts[0]);
  const sizes = concat(graph, [sizesOf(graph, ids), graph.constant('int64', [width])], 0, 3);
  const perText = (x: Value) => reshape(graph, x, ['batch', 'length', width], sizes);
  const turned = (x: Value) => (rotation ? rotateFused(graph, x, rotation, heads) : x);
  const [query, key, value] = parts.map(perText) as [Value, Value, Value];
  const inputs = [turned(query), turned(key), value, undefined, mask.padding, mask.bias];
  const attributes = { num_heads: heads, mask_filter_value: { float: hiddenScore } };
  return graph.node('MultiHeadAttention', inputs, query, { domain: 'com.microsoft', attributes });
}

function plainAttention(
  graph: GraphBuilder,
  parts: Parts,
  { heads, ids, mask, rotation }: AttentionOptions,
): Value {
  const headWidth = lastDimension(parts[0]) / heads;
  const sizes = concat(graph, [sizesOf(graph, ids), graph.constant('int64', [heads, headWidth])], 0, 4);
  const perHead = (x: Value) =>
    transpose(graph, reshape(graph, x, ['batch', 'length', heads, headWidth], sizes), [0, 2, 1, 3]);
  const turned = (x: Value) => (rotation ? rotate(graph, x, rotation) : x);
  const [query, key, value] = parts.map(perHead) as [Value, Value, Value];
  const weights = attentionWeights(graph, turned(query), turned(key), mask.bias);
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

function matMul(graph: GraphBuilder, x: Value, y: Value): Value {
  return graph.node('MatMul', [x, y], { type: x.type, shape: [...x.shape.slice(0, -1), y.shape.at(-1)!] });
}
