import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { attentionMask, hiddenScore } from './attentionMask';
import type { Dropout } from './dropout';
import { noDropout } from './dropout';
import { add, multiply } from './elementwise';
import { matMul } from './matMul';
import type { Rotation } from './rotary';
import { rotate, rotateFused } from './rotary';
import { reshape, split, transpose } from './shape';
import { softAverage } from './softAverage';
import type { TextBlock, TextLayout } from './textLayout';
import { eachBlock } from './textLayout';

/** Queries, keys and values, of one shape. */
export type QueryKeyValue = readonly [Value, Value, Value];

/** How an attention reads its input. */
export interface AttentionOptions {
  readonly heads: number;
  readonly layout: TextLayout;
  /** Keys further than so many positions from a query are not seen. */
  readonly window?: number | undefined;
  /** Turns queries and keys by their positions; absent where positions are part of the input. */
  readonly rotation?: Rotation;
  /** Of the attention weights of a block of texts, while training. */
  readonly dropout?: (block: TextBlock) => Dropout;
}

/**
 * Multi-head scaled dot-product attention of texts with themselves: softmax(QKᵀ / √headWidth + mask)·V.
 * @param qkv queries, keys and values side by side, [tokens, 3 · width]
 * @returns [tokens, width]
 */
export function selfAttention(graph: GraphBuilder, qkv: Value, options: AttentionOptions): Value {
  const width = lastDimension(qkv) / 3;
  return eachBlock(graph, [qkv] as const, options.layout, ([rows], block) => {
    const parts = split(graph, rows, [width, width, width]) as [Value, Value, Value];
    return attendBlock(graph, parts, block, options);
  });
}

/** The same for queries, keys and values apart, each [tokens, width]. */
export function attend(graph: GraphBuilder, parts: QueryKeyValue, options: AttentionOptions): Value {
  return eachBlock(graph, parts, options.layout, (rows, block) => attendBlock(graph, rows, block, options));
}

function attendBlock(
  graph: GraphBuilder,
  parts: QueryKeyValue,
  block: TextBlock,
  options: AttentionOptions,
): Value {
  const attention = graph.fused && !graph.differentiable ? fusedAttention : plainAttention;
  return reshape(graph, attention(graph, parts, block, options), parts[0].shape);
}

function fusedAttention(
  graph: GraphBuilder,
  parts: QueryKeyValue,
  block: TextBlock,
  { heads, window, rotation }: AttentionOptions,
): Value {
  const width = lastDimension(parts[0]);
  const perText = (x: Value) => reshape(graph, x, [block.batch, block.length, width]);
  const turned = (x: Value) => (rotation ? rotateFused(graph, x, rotation, heads) : x);
  const [query, key, value] = parts.map(perText) as [Value, Value, Value];
  const mask = attentionMask(graph, block, window);
  const inputs = [turned(query), turned(key), value, undefined, mask.padding, mask.bias];
  const attributes = { num_heads: heads, mask_filter_value: { float: hiddenScore } };
  return graph.node('MultiHeadAttention', inputs, query, { domain: 'com.microsoft', attributes });
}

/** [batch, length, heads, headWidth], by way of the weights [batch, heads, length, length]. */
function plainAttention(
  graph: GraphBuilder,
  parts: QueryKeyValue,
  block: TextBlock,
  { heads, window, rotation, dropout = () => noDropout }: AttentionOptions,
): Value {
  const headWidth = lastDimension(parts[0]) / heads;
  const perHead = (x: Value) =>
    transpose(graph, reshape(graph, x, [block.batch, block.length, heads, headWidth]), [0, 2, 1, 3]);
  const turned = (x: Value) => (rotation ? rotate(graph, x, rotation) : x);
  const [query, key, value] = parts.map(perHead) as [Value, Value, Value];
  const scaled = multiply(graph, turned(query), graph.scalar(1 / Math.sqrt(headWidth)));
  const scores = matMul(graph, scaled, turned(key), { y: true });
  const { bias } = attentionMask(graph, block, window);
  const masked = bias ? add(graph, scores, bias) : scores;
  return transpose(graph, softAverage(graph, masked, value, dropout(block)), [0, 2, 1, 3]);
}
