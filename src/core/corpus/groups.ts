import { parse } from 'csv-parse/sync';
import type { TextFile } from './corpusFile';
import { ProblemList, withoutMark } from './corpusFile';
import type { CorpusDocument, ReadResult } from './document';

/** A line of a file of groups: which group (a patient, say) a note belongs to. */
interface Membership {
  readonly note: string;
  readonly group: string;
  readonly line: number;
}

/**
 * Gives documents the groups that a table names: two columns, note and group, parted by commas, semicolons or tabs, with
 * a heading or without. A note is named by its id, with or without its file's ending; all annotators of a note are meant.
 * Lines that name no note, and notes that no line names, are problems.
 */
export function withGroups({ documents, problems }: ReadResult, table: TextFile): ReadResult {
  const own = new ProblemList(table.name);
  const groupOf = new Map<string, Membership>();
  for (const row of memberships(table, own)) {
    if (groupOf.has(row.note) && groupOf.get(row.note)!.group !== row.group)
      own.error(`${JSON.stringify(row.note)} is in two groups: the first is taken`, row.line);
    else groupOf.set(row.note, row);
  }
  const used = new Set<string>();
  const grouped = documents.map((document): CorpusDocument => {
    const name = namesOf(document.id).find((candidate) => groupOf.has(candidate));
    if (name === undefined) return document;
    used.add(name);
    return { ...document, group: groupOf.get(name)!.group };
  });
  for (const { note, line } of groupOf.values())
    if (!used.has(note) && line > 1) own.error(`no note is called ${JSON.stringify(note)}`, line);
  const without = grouped.filter(({ id }) => !namesOf(id).some((name) => groupOf.has(name))).length;
  if (without > 0) own.warn(`${without} notes of the corpus are not named here: each keeps to itself`);
  return { documents: grouped, problems: [...problems, ...own.all] };
}

function memberships({ text }: TextFile, problems: ProblemList): Membership[] {
  const content = withoutMark(text);
  const delimiter = ['\t', ';', ','].find((one) => content.split(/\r?\n/, 1)[0]!.includes(one)) ?? ',';
  const rows = rowsOf(content, delimiter, problems);
  return rows.flatMap(({ record: [note, group], info: { lines: line } }) => {
    if (note && group) return [{ note, group, line }];
    problems.error('two columns are needed, note and group: line left out', line);
    return [];
  });
}

interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function rowsOf(content: string, delimiter: string, problems: ProblemList): CsvRow[] {
  const options = {
    delimiter,
    trim: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  } as const;
  try {
    return parse(content, options) as unknown as CsvRow[];
  } catch (error) {
    const { message, lines } = error as { message: string; lines?: number };
    problems.error(`no table that can be read (${message.split('\n')[0]!}): no groups taken from it`, lines);
    return [];
  }
}

/** A document's id as a table may have it: as it is, with a note's ending, of any annotator. */
function namesOf(id: string): string[] {
  const whole = id.replace(/[@~]\d+$/, '');
  return [...new Set([id, whole])].flatMap((name) => [name, `${name}.txt`, `${name}.ann`, `${name}.xml`]);
}
