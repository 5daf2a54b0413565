import type { LabelTable } from './labelTable';
import { columnTotals } from './labelTable';

/** Small, so that the share only decides where the odds of a large corpus hardly tell a rare label's notes apart. */
const SHARE_WEIGHT = 0.001;

/** Pairs weigh more than labels in a split of order 2, as they are what it is for. */
const PAIR_WEIGHT = 5;

/**
 * How far the parts are from the corpus in each column, kept up to date as units move. The cost of a column in a part
 * is its term of the label distribution measure (the difference of the odds of having the label) plus a little of the
 * difference of the share of the label's notes that the part holds: odds weigh frequent labels, shares rare ones.
 * Single labels and pairs each count as an average over their columns, pairs `PAIR_WEIGHT` times.
 */
export class PartCosts {
  /** Notes above (below: negative) the wanted size of each part, `[parts]`. */
  readonly excess: Int32Array;
  /** `[parts, columns]` */
  private readonly counts: Int32Array;
  private readonly totals: Int32Array;
  private readonly odds: Float64Array;
  private readonly weights: Float64Array;
  private readonly shares: number[];
  /** What one note less and one note more of a column would cost each part, `[parts, columns, 2]`. */
  private readonly steps: Float64Array;

  constructor(
    private readonly table: LabelTable,
    private readonly wanted: readonly number[],
    parts: Int32Array,
  ) {
    const notes = wanted.reduce((sum, size) => sum + size, 0);
    this.excess = Int32Array.from(wanted, (size) => -size);
    this.counts = new Int32Array(wanted.length * table.columns);
    this.totals = columnTotals(table);
    this.odds = Float64Array.from(this.totals, (total) => total / Math.max(1, notes - total));
    this.weights = columnWeights(table, this.totals, notes);
    this.shares = wanted.map((size) => size / Math.max(1, notes));
    this.steps = new Float64Array(2 * this.counts.length);
    for (const [unit, part] of parts.entries()) this.add(unit, part, 1);
    for (let part = 0; part < wanted.length; part++) {
      for (let column = 0; column < table.columns; column++) this.measureSteps(part, column);
    }
  }

  /** The cost of all columns in all parts. */
  total(): number {
    let sum = 0;
    for (let i = 0; i < this.counts.length; i++) {
      const [part, column] = [Math.floor(i / this.table.columns), i % this.table.columns];
      sum += this.weights[column]! && this.weights[column]! * this.cost(part, column, this.counts[i]!);
    }
    return sum;
  }

  move(unit: number, from: number, to: number): void {
    this.add(unit, from, -1);
    this.add(unit, to, 1);
    for (let k = this.table.starts[unit]!; k < this.table.starts[unit + 1]!; k++) {
      this.measureSteps(from, this.table.ids[k]!);
      this.measureSteps(to, this.table.ids[k]!);
    }
  }

  moveDelta(unit: number, from: number, to: number): number {
    const { starts, ids, counts } = this.table;
    let delta = 0;
    for (let k = starts[unit]!; k < starts[unit + 1]!; k++) {
      delta += this.change(from, ids[k]!, -counts[k]!) + this.change(to, ids[k]!, counts[k]!);
    }
    return delta;
  }

  swap(a: number, b: number, partOfA: number, partOfB: number): void {
    this.move(a, partOfA, partOfB);
    this.move(b, partOfB, partOfA);
  }

  /** What the whole cost changes by when two units change places; columns they share alike change nothing. */
  swapDelta(a: number, b: number, partOfA: number, partOfB: number): number {
    const { starts, ids, counts } = this.table;
    let [i, j, delta] = [starts[a]!, starts[b]!, 0];
    const [endOfA, endOfB] = [starts[a + 1]!, starts[b + 1]!];
    while (i < endOfA || j < endOfB) {
      const idOfA = i < endOfA ? ids[i]! : Infinity;
      const idOfB = j < endOfB ? ids[j]! : Infinity;
      const id = idOfA < idOfB ? idOfA : idOfB;
      const difference = (idOfA === id ? counts[i++]! : 0) - (idOfB === id ? counts[j++]! : 0);
      if (difference === 0) continue;
      delta += this.change(partOfA, id, -difference) + this.change(partOfB, id, difference);
    }
    return delta;
  }

  private add(unit: number, part: number, sign: 1 | -1): void {
    const { starts, ids, counts, sizes, columns } = this.table;
    this.excess[part]! += sign * sizes[unit]!;
    for (let k = starts[unit]!; k < starts[unit + 1]!; k++) {
      this.counts[part * columns + ids[k]!]! += sign * counts[k]!;
    }
  }

  private measureSteps(part: number, column: number): void {
    const at = 2 * (part * this.table.columns + column);
    this.steps[at] = this.costOf(part, column, -1);
    this.steps[at + 1] = this.costOf(part, column, 1);
  }

  private change(part: number, column: number, by: number): number {
    if (by === -1) return this.steps[2 * (part * this.table.columns + column)]!;
    if (by === 1) return this.steps[2 * (part * this.table.columns + column) + 1]!;
    return this.costOf(part, column, by);
  }

  private costOf(part: number, column: number, by: number): number {
    if (this.weights[column] === 0) return 0;
    const now = this.counts[part * this.table.columns + column]!;
    return this.weights[column]! * (this.cost(part, column, now + by) - this.cost(part, column, now));
  }

  private cost(part: number, column: number, count: number): number {
    const odds = count / Math.max(1, this.wanted[part]! - count);
    const share = count / this.totals[column]!;
    return Math.abs(odds - this.odds[column]!) + SHARE_WEIGHT * Math.abs(share - this.shares[part]!);
  }
}

/** A column that no note or every note has cannot be stratified. */
function columnWeights(table: LabelTable, totals: Int32Array, notes: number): Float64Array {
  const pairs = table.columns - table.labels;
  return Float64Array.from(totals, (total, column) => {
    if (total === 0 || total === notes) return 0;
    return column < table.labels ? 1 / table.labels : PAIR_WEIGHT / pairs;
  });
}
