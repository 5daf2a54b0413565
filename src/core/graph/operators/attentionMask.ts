import type { GraphBuilder } from '../graphBuilder';
import type { Dimension, Value } from '../value';
import { cast, map, multiply, subtract } from './elementwise';
import { positions, unsqueeze } from './shape';
import type { TextBlock } from './textLayout';

/** Added to the score of a key that must not be seen: its weight after the softmax is zero in single precision. */
export const hiddenScore = -10_000;

/** Which keys a query sees. Undefined parts hide nothing. */
export interface AttentionMask {
  /** int32 [batch, length], 1 for a token, 0 for padding; only where attention is one operator. */
  readonly padding: Value | undefined;
  /** Added to the scores: float32 [batch or 1, 1, length or 1, length]. */
  readonly bias: Value | undefined;
}

/** The least single-precision number: a score added to it is lost in rounding. */
const leastScore = -3.4028234663852886e38;
/** The same in half precision. */
const leastHalf = -65_504;

/**
 * Hides the padding of some texts, and keys further than `window` positions from the query. Where that hides every
 * key, as from padding far behind a text, all keys weigh the same, as in transformers (4.x; eager attention in 5.x).
 */
export function attentionMask(
  graph: GraphBuilder,
  { length, padding }: TextBlock,
  window: number | undefined,
): AttentionMask {
  const once = (make: () => Value) =>
    graph.once(
      `bias of ${padding?.name ?? 'no padding'}, ${length}, within ${window ?? 'any distance'}`,
      make,
    );
  if (padding !== undefined && window !== undefined)
    return { padding: undefined, bias: once(() => paddedWindowBias(graph, padding, length, window)) };
  const hidesPadding = graph.fused && !graph.differentiable;
  if (hidesPadding || padding === undefined) {
    const far = window !== undefined && once(() => slidingWindowBias(graph, length, window));
    return { padding, bias: far || undefined };
  }
  return { padding: undefined, bias: once(() => paddingBias(graph, padding)) };
}

/** 0 where the key is no padding, else `hiddenScore`: [batch, 1, 1, length]. */
function paddingBias(graph: GraphBuilder, padding: Value): Value {
  return unsqueeze(graph, biasOf(graph, cast(graph, padding, 'float32')), [1, 2]);
}

/** 0 where |query - key| <= window, else `hiddenScore`: [1, 1, length, length]. */
function slidingWindowBias(graph: GraphBuilder, length: Dimension, window: number): Value {
  return unsqueeze(graph, biasOf(graph, nearness(graph, length, window)), [0, 1]);
}

/** 0 where the key is no padding and near, else `leastScore`: [batch, 1, length, length]. */
function paddedWindowBias(graph: GraphBuilder, padding: Value, length: Dimension, window: number): Value {
  const tokens = unsqueeze(graph, cast(graph, padding, 'float32'), [1, 2]);
  const visible = multiply(graph, tokens, nearness(graph, length, window));
  return biasOf(graph, visible, graph.half ? leastHalf : leastScore);
}

/** 1 where |query - key| <= window, else 0: float32 [length, length]. */
function nearness(graph: GraphBuilder, length: Dimension, window: number): Value {
  const keys = positions(graph, length);
  const distance = map(graph, 'Abs', subtract(graph, unsqueeze(graph, keys, [1]), keys));
  const near = graph.node('LessOrEqual', [distance, graph.constant('int32', [window], [])], {
    ...distance,
    type: 'bool',
  });
  return cast(graph, near, 'float32');
}

/** 1 becomes 0, and 0 becomes `hidden`. */
function biasOf(graph: GraphBuilder, visible: Value, hidden = hiddenScore): Value {
  return multiply(graph, subtract(graph, graph.scalar(1), visible), graph.scalar(hidden));
}
