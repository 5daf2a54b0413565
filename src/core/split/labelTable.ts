/**
 * Which labels occur in which units, as a sparse matrix by rows (CSR). A unit is what a split never tears apart: a
 * note, or a group of notes.
 */
export interface LabelTable {
  /** How many columns are single labels: `[0, labels)`; those from there on are pairs of labels. */
  readonly labels: number;
  readonly columns: number;
  /** Notes of each unit, `[units]`. */
  readonly sizes: Int32Array;
  /** The unit's columns are `ids[starts[unit]] … ids[starts[unit + 1] - 1]`, ascending; `[units + 1]`. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  /** How many of the unit's notes have the column, `[ids.length]`. */
  readonly counts: Int32Array;
}

/** A note a row, a label a column; a note has each label once. Labels that are not asked for are left out. */
export function labelTable(
  noteLabels: readonly (readonly string[])[],
  labels: readonly string[],
): LabelTable {
  const columnOf = new Map(labels.map((label, column) => [label, column]));
  return tableOf(occurrences(noteLabels, columnOf), labels.length);
}

/** The labels that occur in at least so many notes, in alphabetical order, and the table of them. */
export function frequentTable(
  noteLabels: readonly (readonly string[])[],
  minNotes: number,
): { readonly labels: readonly string[]; readonly table: LabelTable } {
  const numbers = new Map<string, number>();
  const all = occurrences(noteLabels, numbers, true);
  const totals = new Int32Array(numbers.size);
  for (let k = 0; k < all.ids.length; k++) totals[all.ids[k]!]!++;
  const labels = [...numbers.keys()].filter((label) => totals[numbers.get(label)!]! >= minNotes).sort();
  const columnOf = new Int32Array(numbers.size).fill(-1);
  for (const [column, label] of labels.entries()) columnOf[numbers.get(label)!] = column;
  return { labels, table: tableOf(renumbered(all, columnOf), labels.length) };
}

/** Rows of numbers, as in `LabelTable`, in any order within a row. */
type Rows = Pick<LabelTable, 'starts' | 'ids'>;

/** The number of every label of every note; labels without one are left out, or numbered by first appearance. */
function occurrences(
  noteLabels: readonly (readonly string[])[],
  numbers: Map<string, number>,
  numberNew = false,
): Rows {
  const starts = new Int32Array(noteLabels.length + 1);
  const ids = new Int32Array(noteLabels.reduce((sum, own) => sum + own.length, 0));
  let filled = 0;
  for (let note = 0; note < noteLabels.length; note++) {
    const own = noteLabels[note]!;
    for (let k = 0; k < own.length; k++) {
      let number = numbers.get(own[k]!);
      if (number === undefined && numberNew) numbers.set(own[k]!, (number = numbers.size));
      if (number !== undefined) ids[filled++] = number;
    }
    starts[note + 1] = filled;
  }
  return { starts, ids: ids.subarray(0, filled) };
}

/** Rows with other numbers; those that become -1 are left out. */
function renumbered({ starts, ids }: Rows, numberOf: Int32Array): Rows {
  const renumbered = { starts: new Int32Array(starts.length), ids: new Int32Array(ids.length) };
  let filled = 0;
  for (let row = 0; row < starts.length - 1; row++) {
    for (let k = starts[row]!; k < starts[row + 1]!; k++) {
      const number = numberOf[ids[k]!]!;
      if (number >= 0) renumbered.ids[filled++] = number;
    }
    renumbered.starts[row + 1] = filled;
  }
  return { ...renumbered, ids: renumbered.ids.subarray(0, filled) };
}

function tableOf(rows: Rows, labels: number): LabelTable {
  sortRows(rows);
  const sizes = new Int32Array(rows.starts.length - 1).fill(1);
  return { ...rows, labels, columns: labels, sizes, counts: new Int32Array(rows.ids.length).fill(1) };
}

/** By insertion: rows are short, and mostly sorted already. */
function sortRows({ starts, ids }: Rows): void {
  for (let row = 0; row < starts.length - 1; row++) {
    for (let k = starts[row]! + 1; k < starts[row + 1]!; k++) {
      const id = ids[k]!;
      let at = k;
      for (; at > starts[row]! && ids[at - 1]! > id; at--) ids[at] = ids[at - 1]!;
      ids[at] = id;
    }
  }
}

/** The units of each column: `units[starts[column]] … units[starts[column + 1] - 1]`, in the order given. */
export function unitsByColumn(
  table: LabelTable,
  order?: Int32Array,
): { readonly units: Int32Array; readonly starts: Int32Array } {
  const { ids } = table;
  const starts = new Int32Array(table.columns + 1);
  for (let k = 0; k < ids.length; k++) starts[ids[k]! + 1]!++;
  for (let column = 0; column < table.columns; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const units = new Int32Array(ids.length);
  for (let i = 0; i < table.sizes.length; i++) {
    const unit = order ? order[i]! : i;
    const end = table.starts[unit + 1]!;
    for (let k = table.starts[unit]!; k < end; k++) units[next[ids[k]!]!++] = unit;
  }
  return { units, starts };
}

/** Notes a column, `[columns]`. */
export function columnTotals({ columns, ids, counts }: LabelTable): Int32Array {
  const totals = new Int32Array(columns);
  for (let k = 0; k < ids.length; k++) totals[ids[k]!]! += counts[k]!;
  return totals;
}

/** The rows of some units. */
export function selectUnits(table: LabelTable, units: Int32Array): LabelTable {
  const starts = new Int32Array(units.length + 1);
  for (const [row, unit] of units.entries())
    starts[row + 1] = starts[row]! + table.starts[unit + 1]! - table.starts[unit]!;
  const ids = new Int32Array(starts[units.length]!);
  const counts = new Int32Array(ids.length);
  for (const [row, unit] of units.entries()) {
    const [from, to] = [table.starts[unit]!, table.starts[unit + 1]!];
    ids.set(table.ids.subarray(from, to), starts[row]!);
    counts.set(table.counts.subarray(from, to), starts[row]!);
  }
  return { ...table, sizes: units.map((unit) => table.sizes[unit]!), starts, ids, counts };
}

/** Adds up the notes of each group: `unitOf[note]` in `[0, units)`. */
export function groupRows(table: LabelTable, unitOf: Int32Array, units: number): LabelTable {
  if (units === table.sizes.length) return table;
  const sizes = new Int32Array(units);
  const rows: Map<number, number>[] = Array.from({ length: units }, () => new Map());
  for (const [note, unit] of unitOf.entries()) {
    sizes[unit]! += table.sizes[note]!;
    for (let k = table.starts[note]!; k < table.starts[note + 1]!; k++) {
      const id = table.ids[k]!;
      rows[unit]!.set(id, (rows[unit]!.get(id) ?? 0) + table.counts[k]!);
    }
  }
  const starts = new Int32Array(units + 1);
  for (const [unit, row] of rows.entries()) starts[unit + 1] = starts[unit]! + row.size;
  const sorted = rows.flatMap((row) => [...row].sort(([a], [b]) => a - b));
  return {
    ...table,
    sizes,
    starts,
    ids: Int32Array.from(sorted, ([id]) => id),
    counts: Int32Array.from(sorted, ([, count]) => count),
  };
}
