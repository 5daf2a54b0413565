import path from 'node:path';
import { z } from 'zod';
import type { CountTables } from '../../core/evaluate/evaluation';
import { COUNTS_A_LABEL } from '../../core/evaluate/noteCounts';
import type { NoteCounts } from '../../core/evaluate/noteCounts';
import type { LabelCurves } from '../../core/evaluate/tokenView';
import type { ViewName } from '../../core/evaluate/views';
import { makeFolder, writeWholeFile } from '../../node/wholeFile';

/** The files of an evaluation, all of counts and rates and none of words of a note. */
export const FILES = { metrics: 'metrics.json', curves: 'curves.json', counts: 'counts.json' } as const;

export async function writeEvaluation(
  folder: string,
  metrics: unknown,
  curves: Readonly<Partial<Record<ViewName, Readonly<Record<string, LabelCurves>>>>>,
  counts: CountsFile,
): Promise<void> {
  await makeFolder(folder);
  const write = (name: string, content: string): Promise<void> =>
    writeWholeFile(path.join(folder, name), content + '\n');
  await write(FILES.metrics, JSON.stringify(metrics, null, 2));
  await write(FILES.curves, JSON.stringify({ format: 'anamnese curves 1', views: curves }));
  await write(FILES.counts, JSON.stringify(counts));
}

/** Counts of every note under the names of their views, for merging and for tests between systems. */
export const countsFile = z.object({
  format: z.literal('anamnese counts 1'),
  /** What each note's numbers are. */
  columns: z.tuple([z.literal('true positives'), z.literal('false positives'), z.literal('false negatives')]),
  notes: z.array(z.string()),
  /** The group of each note: notes of one group are not independent. */
  groups: z.array(z.string()),
  tables: z.record(
    z.string(),
    z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number())) }),
  ),
});
export type CountsFile = z.infer<typeof countsFile>;

export function toCountsFile(tables: CountTables, groups: ReadonlyMap<string, string>): CountsFile {
  const width = ({ labels }: NoteCounts): number => labels.length * COUNTS_A_LABEL;
  const entries = Object.entries(tables).map(([name, table]) => {
    const counts = table.notes.map((_, i) =>
      Array.from(table.counts.subarray(i * width(table), (i + 1) * width(table))),
    );
    const one: CountsFile['tables'][string] = { labels: [...table.labels], counts };
    return [name, one] as const;
  });
  return {
    format: 'anamnese counts 1',
    columns: ['true positives', 'false positives', 'false negatives'],
    notes: [...groups.keys()],
    groups: [...groups.values()],
    tables: Object.fromEntries(entries),
  };
}

/** The tables of a counts.json. */
export function fromCountsFile({ notes, tables }: CountsFile): CountTables {
  const entries = Object.entries(tables).map(([name, { labels, counts }]) => {
    const table: NoteCounts = { labels, notes, counts: Float64Array.from(counts.flat()) };
    return [name, table] as const;
  });
  return Object.fromEntries(entries);
}
