import type { Counts } from './rates';

/** Numbers a label takes in a row of counts: true positives, false positives, false negatives. */
export const COUNTS_A_LABEL = 3;

/**
 * Counts of every note and label, what every rate, interval and test is derived from. Row-major `[notes, labels, 3]`:
 * true positives, false positives, false negatives.
 */
export interface NoteCounts {
  readonly labels: readonly string[];
  /** Ids of the notes, or of the groups of notes, a row each. */
  readonly notes: readonly string[];
  readonly counts: Float64Array;
}

/** Counts of notes from one `counts[labels]` a note. */
export function noteCounts(
  labels: readonly string[],
  notes: readonly { id: string; counts: readonly Counts[] }[],
): NoteCounts {
  const table = new Float64Array(notes.length * labels.length * COUNTS_A_LABEL);
  notes.forEach(({ counts }, note) => {
    counts.forEach((one, label) => {
      const at = (note * labels.length + label) * COUNTS_A_LABEL;
      table.set([one.truePositives, one.falsePositives, one.falseNegatives], at);
    });
  });
  return { labels, notes: notes.map(({ id }) => id), counts: table };
}

/** Counts of each label over all notes. */
export function totalCounts(table: NoteCounts): Counts[] {
  const total = new Float64Array(rowWidth(table));
  for (let note = 0; note < table.notes.length; note++) addRow(total, table, note);
  return labelCounts(total);
}

export function rowWidth({ labels }: NoteCounts): number {
  return labels.length * COUNTS_A_LABEL;
}

/** Adds a note's row, `times` over, to a sum of rows. */
export function addRow(sum: Float64Array, table: NoteCounts, note: number, times = 1): void {
  const at = note * sum.length;
  for (let i = 0; i < sum.length; i++) sum[i]! += times * table.counts[at + i]!;
}

/** A row, or a sum of rows, as counts of each label. */
export function labelCounts(row: Float64Array): Counts[] {
  return Array.from({ length: row.length / COUNTS_A_LABEL }, (_, label) => {
    const [truePositives, falsePositives, falseNegatives] = row.subarray(label * 3, label * 3 + 3);
    return {
      truePositives: truePositives!,
      falsePositives: falsePositives!,
      falseNegatives: falseNegatives!,
    };
  });
}

/** Rows of one group (a patient's notes, say) added up, in order of first appearance: groups are independent, notes not. */
export function mergeNotes(table: NoteCounts, groupOf: (note: string) => string): NoteCounts {
  const groups = new Map<string, Float64Array>();
  table.notes.forEach((id, note) => {
    const group = groupOf(id);
    const sum = groups.get(group) ?? new Float64Array(rowWidth(table));
    addRow(sum, table, note);
    groups.set(group, sum);
  });
  const counts = new Float64Array(groups.size * rowWidth(table));
  [...groups.values()].forEach((sum, i) => counts.set(sum, i * sum.length));
  return { labels: table.labels, notes: [...groups.keys()], counts };
}

/**
 * The tables with the labels of all of them, in order of first appearance: counts of labels that a table does not
 * have are 0, as they are where neither gold nor prediction has any.
 */
export function alignLabels(tables: readonly NoteCounts[]): NoteCounts[] {
  const labels = [...new Set(tables.flatMap((table) => table.labels))];
  return tables.map((table) => {
    const columns = table.labels.map((label) => labels.indexOf(label));
    const aligned = noteCounts(
      labels,
      table.notes.map((id) => ({ id, counts: [] })),
    );
    table.counts.forEach((count, i) => {
      const note = Math.floor(i / rowWidth(table));
      const label = columns[Math.floor(i / COUNTS_A_LABEL) % table.labels.length]!;
      aligned.counts[(note * labels.length + label) * COUNTS_A_LABEL + (i % COUNTS_A_LABEL)] = count;
    });
    return aligned;
  });
}
