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
  /** `[columns, parts]` */
  private readonly counts: Int32Array;
  private readonly totals: Int32Array;
  private readonly odds: Float64Array;
  private readonly weights: Float64Array;
  private readonly shares: number[];
  /** What one note less and one note more of a column would cost each part, `[columns, parts, 2]`. */
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
    for (let unit = 0; unit < parts.length; unit++) this.add(unit, parts[unit]!, 1);
    for (let column = 0; column < table.columns; column++) {
      for (let part = 0; part < wanted.length; part++) this.measureSteps(part, column);
    }
  }

  /** The cost of all columns in all parts. */
  total(): number {
    let sum = 0;
    for (let column = 0; column < this.table.columns; column++) {
      if (this.weights[column] === 0) continue;
      for (let part = 0; part < this.wanted.length; part++)
        sum += this.weights[column]! * this.cost(part, column, this.counts[this.at(part, column)]!);
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

  /** What the whole cost changes by when a unit moves. */
  moveDelta(unit: number, from: number, to: number): number {
    const { starts, ids, counts } = this.table;
    let delta = 0;
    for (let k = starts[unit]!, end = starts[unit + 1]!; k < end; k++)
      delta += this.transfer(ids[k]!, from, to, counts[k]!);
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
    while (i < endOfA && j < endOfB) {
      const [idOfA, idOfB] = [ids[i]!, ids[j]!];
      if (idOfA < idOfB) delta += this.transfer(idOfA, partOfA, partOfB, counts[i++]!);
      else if (idOfB < idOfA) delta += this.transfer(idOfB, partOfB, partOfA, counts[j++]!);
      else delta += this.transfer(idOfA, partOfA, partOfB, counts[i++]! - counts[j++]!);
    }
    while (i < endOfA) delta += this.transfer(ids[i]!, partOfA, partOfB, counts[i++]!);
    while (j < endOfB) delta += this.transfer(ids[j]!, partOfB, partOfA, counts[j++]!);
    return delta;
  }

  private add(unit: number, part: number, sign: 1 | -1): void {
    const { starts, ids, counts, sizes } = this.table;
    this.excess[part]! += sign * sizes[unit]!;
    for (let k = starts[unit]!, end = starts[unit + 1]!; k < end; k++)
      this.counts[this.at(part, ids[k]!)]! += sign * counts[k]!;
  }

  private at(part: number, column: number): number {
    return column * this.wanted.length + part;
  }

  private measureSteps(part: number, column: number): void {
    const at = this.at(part, column);
    this.steps[2 * at] = this.costOf(part, column, -1);
    this.steps[2 * at + 1] = this.costOf(part, column, 1);
  }

  /** What it costs that so many notes of a column change parts; nearly always one. */
  private transfer(column: number, from: number, to: number, notes: number): number {
    if (notes === 0) return 0;
    if (notes !== 1) return this.costOf(from, column, -notes) + this.costOf(to, column, notes);
    return this.steps[2 * this.at(from, column)]! + this.steps[2 * this.at(to, column) + 1]!;
  }

  private costOf(part: number, column: number, by: number): number {
    if (this.weights[column] === 0) return 0;
    const now = this.counts[this.at(part, column)]!;
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
