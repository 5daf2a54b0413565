import type { GraphBuilder } from '../graphBuilder';
import type { Dimension, Value } from '../value';
import { joinRows, splitRows } from './shape';

/** Texts of one length, whose rows attention reads together. */
export interface TextBlock {
  /** Which of a layout's blocks it is. */
  readonly index: number;
  /** How many there are. */
  readonly batch: Dimension;
  /** Tokens of each. */
  readonly length: Dimension;
  /** int32 [batch, length], 1 for a token, 0 for padding; undefined when no text is padded. */
  readonly padding?: Value | undefined;
}

/** Which texts the rows of a batch, one a token, belong to: one block, or several in a row. */
export interface TextLayout {
  readonly blocks: readonly TextBlock[];
  /** int64 [blocks], the rows of each; only where there are several. */
  readonly lengths?: Value;
}

/** All texts as long as the longest: their rows are [batch · length, width]. */
export function padded(padding: Value | undefined): TextLayout {
  return { blocks: [{ index: 0, batch: 'batch', length: 'length', padding }] };
}

/** So many texts of any length in a row. @param lengths int64 [texts] */
export function ragged(texts: number, lengths: Value): TextLayout {
  const block = (index: number): TextBlock => ({ index, batch: 1, length: `length.${index}` });
  return { blocks: Array.from({ length: texts }, (_, index) => block(index)), lengths };
}

/** `f` of the rows of each block; `xs` and the result are [rows, width]. */
export function eachBlock<Xs extends readonly Value[]>(
  graph: GraphBuilder,
  xs: Xs,
  { blocks, lengths }: TextLayout,
  f: (xs: Xs, block: TextBlock) => Value,
): Value {
  if (!lengths) return f(xs, blocks[0]!);
  const names = blocks.map(({ length }) => length);
  const cut = xs.map((x) => splitRows(graph, x, lengths, names));
  const results = blocks.map((block) => f(cut.map((parts) => parts[block.index]!) as unknown as Xs, block));
  return joinRows(graph, results, lengths, xs[0]!.shape[0]!);
}
