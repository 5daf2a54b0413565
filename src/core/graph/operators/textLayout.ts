import type { GraphBuilder } from '../graphBuilder';
import type { Dimension, Value } from '../value';
import { joinRows, splitRows } from './shape';

/** Texts of one length, whose rows attention reads together. */
export interface TextBlock {
  /** How many there are. */
  readonly batch: Dimension;
  /** Tokens of each. */
  readonly length: Dimension;
  /** int32 [batch, length], 1 for a token, 0 for padding; undefined when no text is padded. */
  readonly padding?: Value | undefined;
}

/** Which texts the rows of a batch, one a token, belong to: one block, or several one after another. */
export interface TextLayout {
  readonly blocks: readonly TextBlock[];
  /** int64 [blocks], the rows of each; only where there are several. */
  readonly lengths?: Value;
}

/** All texts as long as the longest: their rows are [batch · length, width]. */
export function padded(padding: Value | undefined): TextLayout {
  return { blocks: [{ batch: 'batch', length: 'length', padding }] };
}

/** So many texts of any length, one after another. @param lengths int64 [texts] */
export function ragged(texts: number, lengths: Value): TextLayout {
  return { blocks: Array.from({ length: texts }, (_, i) => ({ batch: 1, length: `length.${i}` })), lengths };
}

/** `f` of the rows of each block; `xs` and the result are [rows, width]. */
export function eachBlock(
  graph: GraphBuilder,
  xs: readonly Value[],
  { blocks, lengths }: TextLayout,
  f: (xs: readonly Value[], block: TextBlock, index: number) => Value,
): Value {
  if (!lengths) return f(xs, blocks[0]!, 0);
  const names = blocks.map(({ length }) => length);
  const cut = xs.map((x) => splitRows(graph, x, lengths, names));
  const results = blocks.map((block, i) =>
    f(
      cut.map((parts) => parts[i]!),
      block,
      i,
    ),
  );
  return joinRows(graph, results, lengths, xs[0]!.shape[0]!);
}
