import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { multiply } from './elementwise';

/**
 * The mask of one place in an encoder: 0 where an element is dropped, else 1 / (1 - rate), so that the sum is expected
 * to stay. Undefined where nothing is dropped.
 */
export type Dropout = (graph: GraphBuilder) => Value | undefined;

export const noDropout: Dropout = () => undefined;

/** x with the elements dropped that the mask says. */
export function drop(graph: GraphBuilder, x: Value, dropout: Dropout): Value {
  const mask = dropout(graph);
  return mask === undefined ? x : multiply(graph, x, mask);
}

/** Random odd int32 numbers, one for each index along two axes of what is dropped. */
export interface DropoutNoise {
  /** [.., rows, 1] */
  readonly rows: Value;
  /** [columns] */
  readonly columns: Value;
}

const int32Range = 2 ** 32;

/**
 * Dropout by a hash: an element goes where row number · column number, modulo 2³², falls into the lowest `rate` of its
 * range; at a rate of 1 nothing is left. Any two elements are independent, and the mask comes out the same when it is
 * computed again. It is as large as the noise: over further axes, such as the texts of a block, it repeats.
 */
export function hashDropout(rate: number, { rows, columns }: DropoutNoise): Dropout {
  if (rate === 0) return noDropout;
  return (graph) => {
    const hash = multiply(graph, rows, columns);
    const threshold = graph.constant('int32', [Math.round(int32Range * (rate - 0.5))], []);
    const dropped = graph.node('Less', [hash, threshold], { type: 'bool', shape: hash.shape });
    const [zero, scale] = [graph.scalar(0), graph.scalar(rate < 1 ? 1 / (1 - rate) : 0)];
    return graph.node('Where', [dropped, zero, scale], { type: 'float32', shape: hash.shape });
  };
}
