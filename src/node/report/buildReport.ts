import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CorpusDocument } from '../../core/corpus/document';
import type { PlanFile } from '../../core/experiments/plan';
import type { PackedReport } from '../../core/report/container';
import type { PlacedError } from '../../core/report/errorBlock';
import type { PlacedNotes } from '../../core/report/placedNotes';
import { REPORT_VIEWS, VIEW_TABLES } from '../../core/report/reportHeader';
import type {
  BlockName,
  ReportHeader,
  ReportRun,
  ReportSystem,
  ReportView,
} from '../../core/report/reportHeader';
import {
  detailsBlock,
  errorsBlock,
  historyBlock,
  ownBlock,
  ownCounts,
  reliabilityBlock,
  scoresBlock,
} from './blocks';
import { comparisonsOf } from './comparisons';
import { Lists } from './lists';
import { intervalsOf } from './intervals';
import type { ReadPlan } from './readPlan';
import type { ReadRun } from './readRun';
import { splitName } from './splitName';
import { errorsOfRun, GoldNotes } from './runErrors';

const compress = promisify(gzip);

/** Makes a report of what was read; no word of a note is in it. `notes`: where the runs' splits have them. */
export async function buildReport(read: ReadPlan, notes: PlacedNotes): Promise<PackedReport> {
  const { runs, problems } = comparableRuns(read);
  const gold = new GoldNotes(read.documents);
  const errors = runs.map((run) => errorsOfRun(run, gold));
  const labels = [
    ...new Set(runs.flatMap((run, i) => [...run.record.labels, ...labelsOfErrors(errors[i] ?? [])])),
  ];
  const { block, places } = errorsBlock(errors, labels);
  const header = headerOf({ ...read, runs }, labels, places, {
    problems,
    notes: gold.placed.map(({ id }) => id),
  });
  const blocks: Record<Exclude<BlockName, 'texts'>, Uint8Array> = {
    own: ownBlock(runs),
    honest: scoresBlock(runs, 'honest'),
    paper: scoresBlock(runs, 'paper'),
    details: detailsBlock(runs),
    history: historyBlock(runs),
    reliability: reliabilityBlock(runs),
    errors: block,
    notes: new TextEncoder().encode(JSON.stringify(notes)),
  };
  const packed = Object.entries(blocks).map(
    async ([name, bytes]) => [name, await compressed(bytes)] as const,
  );
  return { header, blocks: Object.fromEntries(await Promise.all(packed)) };
}

/** The report with the texts of the notes that its mistakes speak of. */
export async function withTexts(
  { header, blocks }: PackedReport,
  documents: readonly CorpusDocument[],
): Promise<PackedReport> {
  const textOf = new Map(documents.map(({ id, text }) => [id, text]));
  const texts = JSON.stringify(header.notes.map((note) => textOf.get(note) ?? ''));
  const block = await compressed(new TextEncoder().encode(texts));
  return { header: { ...header, hasTexts: true }, blocks: { ...blocks, texts: block } };
}

async function compressed(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await compress(bytes));
}

/** Runs whose scores were counted at the same thresholds as most: others cannot be dragged along. */
function comparableRuns({ runs, problems }: ReadPlan): {
  runs: readonly ReadRun[];
  problems: readonly string[];
} {
  const grids = new Map<string, ReadRun[]>();
  for (const run of runs) {
    const grid = gridOf(run);
    grids.set(grid, [...(grids.get(grid) ?? []), run]);
  }
  const most = [...grids.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const others = runs.filter((run) => !most.includes(run));
  const left = others.map(
    ({ record }) => `runs/${record.id}: counted at other thresholds than the rest: the run is left out`,
  );
  return { runs: most, problems: [...problems, ...left] };
}

function gridOf({ tokens: { honest, paper } }: ReadRun): string {
  const [own, other] = [honest.thresholds.join(), paper?.thresholds.join()];
  return other === undefined || other === own ? own : `${own};${other}`;
}

function labelsOfErrors(errors: readonly PlacedError[]): string[] {
  return errors.flatMap(({ gold, predicted }) =>
    [gold?.label, predicted?.label].filter((label) => label !== undefined),
  );
}

function headerOf(
  { plan, runs }: Pick<ReadPlan, 'plan' | 'runs'>,
  labels: readonly string[],
  errors: readonly (readonly [number, number] | null)[],
  besides: { problems: readonly string[]; notes: readonly string[] },
): ReportHeader {
  const layouts = new Lists<readonly string[]>();
  const systems = new Lists<ReportSystem>();
  const planned = new Map(plan.runs.map((run) => [run.id, run]));
  const places = runs.map((run) => systems.place(systemOf(run, planned.get(run.record.id))));
  const scored = (view: ReportView): number[] => places.filter((_, i) => isScored(runs[i]!, view));
  const alone = REPORT_VIEWS.map((view) => [view, onlyOnes(scored(view))] as const);
  const entries = runs.map((run, i) => {
    const system = places[i]!;
    const views = alone.flatMap(([view, only]) => (only.has(system) && isScored(run, view) ? [view] : []));
    const intervals = Object.fromEntries(views.map((view) => [view, intervalsOf(run, view)]));
    return runEntry(run, { system, intervals, errors: errors[i]! }, layouts);
  });
  return {
    format: 'anamnese-report',
    version: 2,
    name: plan.name,
    corpus: runs[0]?.record.corpus.name ?? plan.corpus.path,
    planned: Math.max(plan.runs.length, runs.length),
    layouts: layouts.all,
    labels,
    thresholds: runs[0]?.tokens.honest.thresholds ?? [],
    systems: systems.all,
    runs: entries,
    comparisons: comparisonsOf(runs, entries, systems.all),
    notes: besides.notes,
    problems: besides.problems,
    hasTexts: false,
  };
}

function isScored({ counts }: ReadRun, view: ReportView): boolean {
  return VIEW_TABLES[view] in counts.tables;
}

/** Those that are there once. */
function onlyOnes(places: readonly number[]): Set<number> {
  const [once, again] = [new Set<number>(), new Set<number>()];
  for (const place of places) (once.has(place) ? again : once).add(place);
  return new Set([...once].filter((place) => !again.has(place)));
}

function systemOf({ record }: ReadRun, planned: PlanFile['runs'][number] | undefined): ReportSystem {
  const { encoder, strategy, scheme, languageModel } = record;
  const asked = languageModel && {
    examples: languageModel.examples.length,
    grounding: languageModel.grounding,
  };
  const notes = planned?.kind === 'evaluate' ? { notes: planned.notes } : {};
  return { encoder: encoder.name, strategy, scheme, ...notes, ...(asked && { asked }) };
}

function runEntry(
  run: ReadRun,
  placed: Pick<ReportRun, 'system' | 'intervals' | 'errors'>,
  layouts: Lists<readonly string[]>,
): ReportRun {
  const { record, tokens } = run;
  const views = REPORT_VIEWS.flatMap((view) => {
    const counted = ownCounts(run, view);
    return counted ? [[view, layouts.place(counted.names)] as const] : [];
  });
  return {
    id: record.id,
    seed: record.seed,
    split: splitName(record),
    notes: record.split.notes,
    layouts: Object.fromEntries(views),
    labels: layouts.place(record.labels),
    parts: Object.keys(record.labelNotes),
    operating: tokens.operating,
    epochs: record.history.length,
    bestEpoch: record.bestEpoch,
    cost: record.cost,
    ...(record.languageModel && { asking: askingOf(record.languageModel) }),
    machine: `${record.environment.processor}, ${record.environment.device}`,
    ...(record.sameAs === undefined ? {} : { sameAs: record.sameAs }),
    ...placed,
  };
}

function askingOf({
  answers,
  answerSeconds,
  tokens,
  dollars,
  quotations,
  prices,
}: NonNullable<ReadRun['record']['languageModel']>): NonNullable<ReportRun['asking']> {
  return { answers, answerSeconds, tokens, dollars, quotations, pricesOf: prices?.date ?? null };
}
