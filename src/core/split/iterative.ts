import type { Rng } from '../ports';
import { randomBelow, shuffledIndices } from '../random';
import type { LabelTable } from './labelTable';
import { columnTotals, unitsByColumn } from './labelTable';
import { RarestFirst } from './rarestFirst';
import { sharesOf } from './sizes';

/**
 * Iterative stratification: the units of the rarest remaining label go one by one to the part that still wants most
 * of that label, ties to the part that wants most notes, then by chance; units without labels fill the parts up.
 * Order 1 is Sechidis, Tsoumakas & Vlahavas (2011); over a table with pairs, order 2, Szymański & Kajdanowicz (2017):
 * all pairs come first, then single labels. Units of several notes count with all of them and the largest go first.
 * Time grows with the occurrences in the table. Returns the part of each unit, `[units]`.
 */
export function iterativeStratification(table: LabelTable, ratio: readonly number[], rng: Rng): Int32Array {
  const order = largestFirst(table.sizes, shuffledIndices(table.sizes.length, rng));
  const byColumn = unitsByColumn(table, order);
  const distribution = new Distribution(table, ratio, rng);
  const phases = [
    shuffledIndices(table.columns - table.labels, rng).map((pair) => table.labels + pair),
    shuffledIndices(table.labels, rng),
  ];
  for (const columns of phases) {
    const queue = distribution.queueOf(columns);
    for (let column = queue.rarest(); column >= 0; column = queue.rarest()) {
      for (let i = byColumn.starts[column]!; i < byColumn.starts[column + 1]!; i++)
        distribution.place(byColumn.units[i]!, column);
    }
  }
  for (const unit of order) distribution.place(unit);
  return distribution.parts;
}

/** Largest first, so that small units even out what large ones left; the order given among equals. */
function largestFirst(sizes: Int32Array, order: Int32Array): Int32Array {
  return sizes.every((size) => size === sizes[0]) ? order : order.sort((a, b) => sizes[b]! - sizes[a]!);
}

class Distribution {
  /** -1 where a unit is not placed yet. */
  readonly parts: Int32Array;
  private readonly left: Int32Array;
  /** How many more notes of a column a part wants, `[columns, parts]`; below zero where it has too many. */
  private readonly wanted: Float64Array;
  /** How many more notes a part wants, `[parts]`. */
  private readonly room: Float64Array;
  private queue: RarestFirst | undefined;

  constructor(
    private readonly table: LabelTable,
    ratio: readonly number[],
    private readonly rng: Rng,
  ) {
    const shares = sharesOf(ratio);
    const notes = table.sizes.reduce((sum, size) => sum + size, 0);
    this.parts = new Int32Array(table.sizes.length).fill(-1);
    this.left = columnTotals(table);
    this.room = Float64Array.from(shares, (share) => share * notes);
    this.wanted = new Float64Array(table.columns * shares.length);
    for (let column = 0; column < table.columns; column++) {
      for (const [part, share] of shares.entries())
        this.wanted[column * shares.length + part] = this.left[column]! * share;
    }
  }

  queueOf(columns: Int32Array): RarestFirst {
    this.queue = new RarestFirst(this.left, columns);
    return this.queue;
  }

  /** Gives a unit, if it is still free, to the part that wants the column most, or without one, notes at all. */
  place(unit: number, column?: number): void {
    if (this.parts[unit]! >= 0) return;
    const part = column === undefined ? this.choose(this.room, 0) : this.choose(this.wanted, column);
    const { wanted, left, queue, room } = this;
    const { starts, ids, counts, sizes } = this.table;
    this.parts[unit] = part;
    room[part]! -= sizes[unit]!;
    for (let k = starts[unit]!, end = starts[unit + 1]!; k < end; k++) {
      const id = ids[k]!;
      wanted[id * room.length + part]! -= counts[k]!;
      left[id]! -= counts[k]!;
      queue!.changed(id);
    }
  }

  private choose(wish: Float64Array, row: number): number {
    const { room } = this;
    const from = row * room.length;
    let best = 0;
    let ties = 1;
    for (let part = 1; part < room.length; part++) {
      const order = wish[from + part]! - wish[from + best]! || room[part]! - room[best]!;
      if (order > 0) {
        best = part;
        ties = 1;
      } else if (order === 0 && randomBelow(++ties, this.rng) === 0) best = part;
    }
    return best;
  }
}
