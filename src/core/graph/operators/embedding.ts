import type { GraphBuilder } from '../graphBuilder';
import type { Value } from '../value';
import { lastDimension } from '../value';
import { cast, multiply } from './elementwise';

/** Rows to look up: float32 [size, width], or int8 with one scale a row, [size, 1]. */
export interface Table {
  readonly rows: Value;
  readonly scale: Value | undefined;
}

/** The table's rows for ids [batch, length], int32: [batch, length, width]. An int8 table is never expanded whole. */
export function embed(graph: GraphBuilder, ids: Value, { rows, scale }: Table): Value {
  const found = gather(graph, rows, ids);
  return scale === undefined
    ? found
    : multiply(graph, cast(graph, found, 'float32'), gather(graph, scale, ids));
}

function gather(graph: GraphBuilder, rows: Value, ids: Value): Value {
  return graph.node('Gather', [rows, ids], { type: rows.type, shape: [...ids.shape, lastDimension(rows)] });
}
