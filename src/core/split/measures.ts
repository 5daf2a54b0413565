import type { LabelTable } from './labelTable';
import { columnTotals } from './labelTable';
import { sharesOf } from './sizes';

/** Notes of each part, `[parts]`. */
export function partSizes(table: LabelTable, parts: Int32Array, count: number): number[] {
  const sizes = new Array<number>(count).fill(0);
  for (const [unit, part] of parts.entries()) sizes[part]! += table.sizes[unit]!;
  return sizes;
}

/** Notes with each column in each part, row-major `[parts, columns]`. */
export function partCounts(table: LabelTable, parts: Int32Array, count: number): Int32Array {
  const counts = new Int32Array(count * table.columns);
  for (const [unit, part] of parts.entries()) {
    for (let k = table.starts[unit]!; k < table.starts[unit + 1]!; k++)
      counts[part * table.columns + table.ids[k]!]! += table.counts[k]!;
  }
  return counts;
}

/** How well a split keeps the corpus's distributions; 0 is perfect. */
export interface SplitMeasures {
  /** LD of Sechidis et al. (2011): mean over labels and parts of |odds of the label in the part - in the corpus|. */
  readonly labelDistribution: number;
  /** ED of Sechidis et al. (2011): mean over parts of |notes - wanted notes|. */
  readonly examplesDistribution: number;
  /** LDP of Szymański & Kajdanowicz (2017): LD over pairs of labels; undefined for a table without pairs. */
  readonly pairDistribution?: number;
}

/**
 * LD, ED and, where the table has pairs, LDP. Odds are notes with over notes without the label, of which at least one
 * is counted so that they stay finite. Columns of no note or of every note are left out; empty parts count as odds 0.
 */
export function measureSplit(table: LabelTable, parts: Int32Array, ratio: readonly number[]): SplitMeasures {
  const sizes = partSizes(table, parts, ratio.length);
  const notes = sizes.reduce((sum, size) => sum + size, 0);
  const examples = sharesOf(ratio).map((share, part) => Math.abs(sizes[part]! - share * notes));
  const counts = partCounts(table, parts, ratio.length);
  const totals = columnTotals(table);
  const distribution = (from: number, to: number) => {
    const deviations: number[] = [];
    for (let column = from; column < to; column++) {
      if (totals[column] === 0 || totals[column] === notes) continue;
      const whole = odds(totals[column]!, notes);
      const inParts = sizes.map((size, part) => odds(counts[part * table.columns + column]!, size));
      deviations.push(mean(inParts.map((part) => Math.abs(part - whole))));
    }
    return mean(deviations);
  };
  return {
    labelDistribution: distribution(0, table.labels),
    examplesDistribution: mean(examples),
    ...(table.columns > table.labels && { pairDistribution: distribution(table.labels, table.columns) }),
  };
}

const odds = (having: number, notes: number): number => having / Math.max(1, notes - having);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
