import type { CountsFile } from '../evaluate/countsFile';
import { fromCountsFile } from '../evaluate/countsFile';
import type { Metric } from '../evaluate/metric';
import { f1Metrics } from '../evaluate/metric';
import type { NoteCounts } from '../evaluate/noteCounts';
import { alignLabels, mergeNotes } from '../evaluate/noteCounts';
import type { RunRecord } from './runFiles';

/** What a comparison reads of a finished run: its `record.json` and `counts.json`. */
export interface ScoredRun {
  readonly record: RunRecord;
  readonly counts: CountsFile;
}

/** Runs of one system differ in nothing but the seed. */
export interface SystemName {
  /** `record.encoder.name`. */
  readonly encoder: string;
  readonly strategy: RunRecord['strategy'];
  readonly scheme: RunRecord['scheme'];
  /** Of an encoder that was evaluated and not trained: how the notes were chosen (`record.split.method`). */
  readonly notes?: string;
  /** Of a language model, which was asked. */
  readonly asked?: true;
}

export interface RunCounts {
  readonly id: string;
  /** The run that it would have repeated, whose results it has (`record.sameAs`). */
  readonly sameAs?: string | undefined;
  readonly seed: number;
  readonly corpus: string;
  readonly split: RunRecord['split'];
  /** A row a group of notes, named by their texts' hashes: equal where runs were scored on the same notes. */
  readonly table: NoteCounts;
}

/** A system's runs in order of seeds, with the figures that can be made of them. */
export interface SystemRunsRead {
  readonly name: SystemName;
  readonly runs: readonly RunCounts[];
  readonly figures: Readonly<Record<string, Metric>>;
}

/** How the names of labels' figures begin. */
export const OF_LABEL = 'F1 of ';

/**
 * The systems in the order in which they are met, with one table of counts. Labels are those of all runs that count
 * the same units: of a scheme in the token views, of all in the text view.
 * @throws RangeError naming the run that lacks the table
 */
export function systemsOf(runs: readonly ScoredRun[], table: string): SystemRunsRead[] {
  const read = runs.map((run) => ({ name: nameOf(run), run: countsOf(run, table) }));
  const aligned = new Map<RunCounts, RunCounts>();
  for (const unit of new Set(read.map(({ name }) => unitOf(name, table)))) {
    const own = read.filter(({ name }) => unitOf(name, table) === unit).map(({ run }) => run);
    const tables = alignLabels(own.map((run) => run.table));
    for (const [i, run] of own.entries()) aligned.set(run, { ...run, table: tables[i]! });
  }
  const systems: { name: SystemName; runs: RunCounts[] }[] = [];
  for (const { name, run } of read) {
    const known = systems.find((one) => isSame(one.name, name));
    if (known) known.runs.push(aligned.get(run)!);
    else systems.push({ name, runs: [aligned.get(run)!] });
  }
  return systems.map(({ name, runs: own }) => ({
    name,
    runs: own.sort((a, b) => a.seed - b.seed),
    figures: f1Metrics(own[0]!.table.labels),
  }));
}

/** Whether a table counts the tokens of a model's own tokenizer and the outputs of its scheme. */
export function isTokenTable(table: string): boolean {
  return !table.startsWith('text');
}

function unitOf({ scheme }: SystemName, table: string): string {
  return isTokenTable(table) ? scheme : '';
}

function nameOf({ record: { encoder, strategy, scheme, split, languageModel } }: ScoredRun): SystemName {
  return {
    ...(languageModel && { asked: true }),
    encoder: encoder.name,
    strategy,
    scheme,
    ...(strategy === 'none' && { notes: split.method }),
  };
}

/** A name without `notes` is any such system's. */
export function isSame(a: SystemName, b: SystemName): boolean {
  const sameNotes = a.notes === undefined || b.notes === undefined || a.notes === b.notes;
  return a.encoder === b.encoder && a.strategy === b.strategy && a.scheme === b.scheme && sameNotes;
}

function countsOf(
  { record: { id, seed, corpus, split, sameAs }, counts }: ScoredRun,
  name: string,
): RunCounts {
  const { tables, groups } = fromCountsFile(counts);
  const table = tables[name];
  if (!table) throw new RangeError(`${id}: counts.json has no table "${name}"`);
  const merged = mergeNotes(table, (note) => groups.get(note) ?? note);
  return { id, sameAs, seed, corpus: corpus.sha256, split, table: merged };
}
