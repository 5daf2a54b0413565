import { summarize } from '../src/core/evaluate/characters';
import type { Counts } from '../src/core/evaluate/rates';
import { addCounts, NO_COUNTS, rates } from '../src/core/evaluate/rates';

/** Counts of each label on one set of notes. */
export interface Column {
  readonly title: string;
  readonly counts: ReadonlyMap<string, Counts>;
}

/** A table in Markdown: a row a label, a column of precision / recall / F1 a set, micro and macro below. */
export function groupsTable(columns: readonly Column[]): string {
  const row = (name: string, cell: (column: Column) => string): string =>
    `| ${[name, ...columns.map(cell)].join(' | ')} |`;
  const labels = [...columns[0]!.counts.keys()];
  return [
    row('', ({ title }) => title),
    row('---', () => '---'),
    ...labels.map((label) => row(label, ({ counts }) => threeRates(counts.get(label)!))),
    row('**micro**', ({ counts }) => `**${threeRates([...counts.values()].reduce(addCounts, NO_COUNTS))}**`),
    row('**macro F1**', ({ counts }) => `**${summarize(counts).macro.toFixed(2)}**`),
  ].join('\n');
}

function threeRates(counts: Counts): string {
  const { precision, recall, f1 } = rates(counts);
  return [precision, recall, f1].map((rate) => rate.toFixed(2)).join(' / ');
}
