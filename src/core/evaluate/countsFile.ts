import { z } from 'zod';
import type { CorpusDocument } from '../corpus/document';
import type { Sha256 } from '../split/notes';
import { noteKey } from '../split/notes';
import type { CountTables } from './evaluation';
import type { NoteCounts } from './noteCounts';
import { COUNTS_A_LABEL } from './noteCounts';

/** Counts of every note under the names of their views, for merging and for tests between systems. */
export const countsFile = z.object({
  format: z.literal('anamnese counts 1'),
  /** What each note's numbers are. */
  columns: z.tuple([z.literal('true positives'), z.literal('false positives'), z.literal('false negatives')]),
  notes: z.array(z.string()),
  /** Hashes of the notes' texts (`noteKey`), by which runs are paired whatever the files were called. */
  keys: z.array(z.string()),
  /** The group of each note: notes of one group are not independent. */
  groups: z.array(z.string()),
  tables: z.record(
    z.string(),
    z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number())) }),
  ),
});
export type CountsFile = z.infer<typeof countsFile>;

/** @param groups of each document by its id, see `groupsOf` */
export function toCountsFile(
  tables: CountTables,
  documents: readonly CorpusDocument[],
  groups: ReadonlyMap<string, string>,
  sha256: Sha256,
): CountsFile {
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
    notes: documents.map(({ id }) => id),
    keys: documents.map(({ text }) => noteKey(text, sha256)),
    groups: documents.map(({ id }) => groups.get(id) ?? id),
    tables: Object.fromEntries(entries),
  };
}

/** The tables of a counts.json, and the group of each of their notes, both by what the notes' texts are. */
export interface ReadCounts {
  readonly tables: CountTables;
  readonly groups: ReadonlyMap<string, string>;
}

/**
 * Reads counts so that runs on the same texts have the same notes in the same order, whatever the corpus's files were
 * called: a note is named by its hash, annotators of one text numbered, a group by its first note.
 */
export function fromCountsFile({ keys, groups, tables }: CountsFile): ReadCounts {
  const names = numbered(keys);
  const order = [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const notes = order.map((i) => names[i]!);
  const firstOf = new Map<string, string>();
  for (const i of order) if (!firstOf.has(groups[i]!)) firstOf.set(groups[i]!, names[i]!);
  const entries = Object.entries(tables).map(([name, { labels, counts }]) => {
    const table: NoteCounts = { labels, notes, counts: Float64Array.from(order.flatMap((i) => counts[i]!)) };
    return [name, table] as const;
  });
  return {
    tables: Object.fromEntries(entries),
    groups: new Map(order.map((i) => [names[i]!, firstOf.get(groups[i]!)!])),
  };
}

function numbered(keys: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return keys.map((key) => {
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${key}-${String(count).padStart(6, '0')}`;
  });
}
