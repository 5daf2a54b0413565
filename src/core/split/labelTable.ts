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
  const ids: number[] = [];
  const starts = new Int32Array(noteLabels.length + 1);
  for (const [note, own] of noteLabels.entries()) {
    const columns: number[] = [];
    for (const label of own) {
      const column = columnOf.get(label);
      if (column !== undefined) columns.push(column);
    }
    for (const column of columns.sort((a, b) => a - b)) ids.push(column);
    starts[note + 1] = ids.length;
  }
  return {
    labels: labels.length,
    columns: labels.length,
    sizes: new Int32Array(noteLabels.length).fill(1),
    starts,
    ids: Int32Array.from(ids),
    counts: new Int32Array(ids.length).fill(1),
  };
}

/**
 * Adds a column for every pair of labels that occurs together in a note: the second order of Szymański & Kajdanowicz
 * (2017). For a table of single notes; O(occurrences), whatever the number of possible pairs.
 */
export function withPairs(table: LabelTable): LabelTable {
  const units = table.sizes.length;
  const starts = new Int32Array(units + 1);
  for (let unit = 0; unit < units; unit++) {
    const own = table.starts[unit + 1]! - table.starts[unit]!;
    starts[unit + 1] = starts[unit]! + own + (own * (own - 1)) / 2;
  }
  const ids = new Int32Array(starts[units]!);
  const filled = starts.slice();
  for (let unit = 0; unit < units; unit++) {
    ids.set(table.ids.subarray(table.starts[unit]!, table.starts[unit + 1]!), starts[unit]!);
    filled[unit]! += table.starts[unit + 1]! - table.starts[unit]!;
  }
  const columns = fillPairs(table, ids, filled);
  return { ...table, columns, starts, ids, counts: new Int32Array(ids.length).fill(1) };
}

/** Numbers the pairs by first, then second label, so that each unit's stay ascending; returns how many columns there are. */
function fillPairs(table: LabelTable, ids: Int32Array, filled: Int32Array): number {
  const { units, starts } = unitsByColumn(table);
  const idOf = new Int32Array(table.columns);
  let columns = table.columns;
  for (let label = 0; label < table.columns; label++) {
    const own = units.subarray(starts[label]!, starts[label + 1]!);
    idOf.fill(0);
    eachLater(table, own, label, (other) => (idOf[other] = 1));
    for (let other = 0; other < idOf.length; other++) if (idOf[other] === 1) idOf[other] = columns++;
    eachLater(table, own, label, (other, unit) => (ids[filled[unit]!++] = idOf[other]!));
  }
  return columns;
}

function eachLater(
  table: LabelTable,
  units: Int32Array,
  label: number,
  visit: (other: number, unit: number) => void,
): void {
  for (const unit of units) {
    for (let k = table.starts[unit]!; k < table.starts[unit + 1]!; k++) {
      if (table.ids[k]! > label) visit(table.ids[k]!, unit);
    }
  }
}

/** The units of each column: `units[starts[column]] … units[starts[column + 1] - 1]`, in the order given. */
export function unitsByColumn(
  table: LabelTable,
  order: Int32Array = Int32Array.from(table.sizes.keys()),
): { readonly units: Int32Array; readonly starts: Int32Array } {
  const starts = new Int32Array(table.columns + 1);
  for (const id of table.ids) starts[id + 1]!++;
  for (let column = 0; column < table.columns; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const units = new Int32Array(table.ids.length);
  for (const unit of order) {
    for (let k = table.starts[unit]!; k < table.starts[unit + 1]!; k++) units[next[table.ids[k]!]!++] = unit;
  }
  return { units, starts };
}

/** Notes a column, `[columns]`. */
export function columnTotals(table: LabelTable): Int32Array {
  const totals = new Int32Array(table.columns);
  for (let k = 0; k < table.ids.length; k++) totals[table.ids[k]!]! += table.counts[k]!;
  return totals;
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
