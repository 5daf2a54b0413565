import type { LabelTable } from './labelTable';
import { unitsByColumn } from './labelTable';

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
  const filled = starts.slice(0, units);
  for (let unit = 0; unit < units; unit++) {
    for (let k = table.starts[unit]!; k < table.starts[unit + 1]!; k++) ids[filled[unit]!++] = table.ids[k]!;
  }
  const columns = fillPairs(table, ids, filled);
  return { ...table, columns, starts, ids, counts: new Int32Array(ids.length).fill(1) };
}

/** Numbers the pairs by first, then second label, so that each unit's stay ascending; returns how many columns there are. */
function fillPairs(table: LabelTable, ids: Int32Array, filled: Int32Array): number {
  const { units, starts } = unitsByColumn(table);
  // How many columns of each unit are done: labels come in ascending order, so those behind it are the later ones.
  const done = table.starts.slice(0, table.sizes.length);
  const idOf = new Int32Array(table.columns);
  let columns = table.columns;
  for (let label = 0; label < table.columns; label++) {
    const [from, to] = [starts[label]!, starts[label + 1]!];
    idOf.fill(0);
    for (let i = from; i < to; i++) {
      const end = table.starts[units[i]! + 1]!;
      for (let k = ++done[units[i]!]!; k < end; k++) idOf[table.ids[k]!] = 1;
    }
    for (let other = 0; other < idOf.length; other++) if (idOf[other] === 1) idOf[other] = columns++;
    for (let i = from; i < to; i++) {
      const end = table.starts[units[i]! + 1]!;
      let at = filled[units[i]!]!;
      for (let k = done[units[i]!]!; k < end; k++) ids[at++] = idOf[table.ids[k]!]!;
      filled[units[i]!] = at;
    }
  }
  return columns;
}
