import { columnTotals, frequentTable } from './labelTable';
import type { SplitMeasures } from './measures';
import { measureSplit, partCounts, partSizes } from './measures';
import type { SplitNote } from './notes';
import { withPairs } from './pairs';
import type { SplitFile } from './splitFile';
import { partsInFile } from './splitFile';

/** How a split's parts compare with the corpus. Notes that are in no part are left out. */
export interface SplitReport {
  readonly parts: readonly { readonly name: string; readonly notes: number; readonly wanted: number }[];
  /** Every label of the corpus, the most frequent first; `notes` in the order of the parts. */
  readonly labels: readonly {
    readonly label: string;
    readonly total: number;
    readonly notes: readonly number[];
    /** Whether it occurs in `minNotes` notes or more: the measures are of these labels. */
    readonly counted: boolean;
  }[];
  readonly measures: SplitMeasures;
}

/** A random split is measured by the labels that a stratified one would have heeded. */
export function reportSplit(split: SplitFile, notes: readonly SplitNote[]): SplitReport {
  const ofNotes = partsInFile(split, notes);
  const placed = notes.filter((_, note) => ofNotes[note]! >= 0);
  const parts = ofNotes.filter((part) => part >= 0);
  const names = Object.keys(split.parts);
  const noteLabels = placed.map(({ labels }) => labels);
  const { labels: all, table: every } = frequentTable(noteLabels, 0);
  const { labels: counted, table } = frequentTable(noteLabels, split.minNotes);
  const sizes = partSizes(every, parts, names.length);
  const counts = partCounts(every, parts, names.length);
  const totals = columnTotals(every);
  const whole = split.ratio.reduce((sum, part) => sum + part, 0);
  const labels = all.map((label, column) => ({
    label,
    total: totals[column]!,
    notes: names.map((_, part) => counts[part * every.columns + column]!),
    counted: counted.includes(label),
  }));
  return {
    parts: names.map((name, part) => ({
      name,
      notes: sizes[part]!,
      wanted: (split.ratio[part]! / whole) * placed.length,
    })),
    labels: labels.sort((a, b) => b.total - a.total),
    measures: measureSplit(withPairs(table), parts, split.ratio),
  };
}
