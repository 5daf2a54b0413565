import { RELIABILITY_BINS } from '../src/core/evaluate/calibrationError';
import type { Counts } from '../src/core/evaluate/rates';
import type { PooledScores } from '../src/core/report/curves';
import { pooledScores } from '../src/core/report/curves';
import type { EpochFigures, RunDetails } from '../src/core/report/details';
import { readDetails, readHistory, RELIABILITY_COLUMNS } from '../src/core/report/details';
import type { PlacedError } from '../src/core/report/errorBlock';
import { readErrors } from '../src/core/report/errorBlock';
import { pooledCounts, runFigures } from '../src/core/report/figures';
import type { PlacedNotes } from '../src/core/report/placedNotes';
import type { BlockName, ReportHeader, ReportView, TokenViewName } from '../src/core/report/reportHeader';
import { REPORT_VIEWS, TOKEN_VIEWS } from '../src/core/report/reportHeader';
import type { SystemFigures } from '../src/core/report/systemFigures';
import { runsBySystem, systemFigures } from '../src/core/report/systemFigures';
import type { OwnTallies, ScoreTallies } from '../src/core/report/tallies';
import { countedNames, readOwn, readScores, talliesAt } from '../src/core/report/tallies';
import { isTokenView } from '../src/core/report/views';
import type { ReportSource } from './source';

/** A mistake and the run that made it. */
export interface RunError extends PlacedError {
  readonly run: number;
}

/** The report's figures. What is not loaded yet is undefined; `load` brings it, and `changed` is then called. */
export class ReportModel {
  private readonly own: Record<ReportView, OwnTallies>;
  private readonly scores = new Map<TokenViewName, ScoreTallies>();
  private readonly ownKnown = new Map<ReportView, SystemFigures[]>();
  private readonly loading = new Set<BlockName>();
  private readonly runs = new Map<ReportView, number[][]>();
  private curves:
    { readonly key: string; readonly pooled: Map<string | undefined, PooledScores> } | undefined;
  private errorBlock: Uint8Array | undefined;
  details: RunDetails[] | undefined;
  history: EpochFigures[][] | undefined;
  texts: readonly string[] | undefined;
  private reliabilities: Float64Array | undefined;
  placedNotes: PlacedNotes | undefined;

  private constructor(
    private readonly source: ReportSource,
    own: Uint8Array,
    private readonly changed: () => void,
    private readonly failed: (message: string) => void,
  ) {
    this.own = readOwn(source.header, own, REPORT_VIEWS);
  }

  static async open(
    source: ReportSource,
    changed: () => void,
    failed: (message: string) => void,
  ): Promise<ReportModel> {
    return new ReportModel(source, await source.block('own'), changed, failed);
  }

  get header(): ReportHeader {
    return this.source.header;
  }

  /** Runs of each system that were scored in a view. */
  runsOf(view: ReportView): number[][] {
    const known = this.runs.get(view) ?? runsBySystem(this.header, view);
    this.runs.set(view, known);
    return known;
  }

  /** Systems by micro F1 at their runs' own thresholds, the best first: dragging a threshold moves no row. */
  order(view: ReportView): number[] {
    const figures = this.figures(view, undefined)!;
    const f1 = (one: SystemFigures): number => one.figures['micro F1'].mean;
    return [...figures].sort((a, b) => f1(b) - f1(a)).map(({ system }) => system);
  }

  namesOf(view: ReportView): (run: number) => readonly string[] {
    return (run) => countedNames(this.header, run, view);
  }

  /** Counts of all runs, undefined while scores are loaded; without a threshold at each run's own. */
  tallies(view: ReportView, threshold: number | undefined): OwnTallies | undefined {
    if (threshold === undefined || !isTokenView(view)) return this.own[view];
    const scores = this.scoresOf(view);
    return scores && talliesAt(scores, threshold);
  }

  figures(view: ReportView, threshold: number | undefined): SystemFigures[] | undefined {
    return threshold === undefined ? this.ownFigures(view) : this.computed(view, threshold);
  }

  /** Figures at the runs' own thresholds are computed once. */
  private ownFigures(view: ReportView): SystemFigures[] {
    const known = this.ownKnown.get(view) ?? this.computed(view, undefined)!;
    this.ownKnown.set(view, known);
    return known;
  }

  private computed(view: ReportView, threshold: number | undefined): SystemFigures[] | undefined {
    const tallies = this.tallies(view, threshold);
    return tallies && systemFigures(this.runsOf(view), runFigures(tallies));
  }

  counts(
    view: ReportView,
    threshold: number | undefined,
    runs: readonly number[],
  ): Map<string, Counts> | undefined {
    const tallies = this.tallies(view, threshold);
    return tallies && pooledCounts(tallies, runs, this.namesOf(view));
  }

  scoresOf(view: TokenViewName): ScoreTallies | undefined {
    const known = this.scores.get(view);
    if (!known) this.load(view, (block) => this.scores.set(view, readScores(this.header, block, view)));
    return known;
  }

  /** Curves by what is counted, the latest ones remembered. */
  curvesOf(view: TokenViewName, runs: readonly number[]): Map<string | undefined, PooledScores> | undefined {
    const scores = this.scoresOf(view);
    const key = `${view} ${runs.join()}`;
    if (scores && this.curves?.key !== key)
      this.curves = { key, pooled: pooledScores(scores, runs, this.namesOf(view)) };
    return scores && this.curves?.pooled;
  }

  needDetails(): void {
    this.load('details', (block) => (this.details = readDetails(this.header, block)));
  }

  needHistory(): void {
    this.load(
      'history',
      (block) => (this.history = readHistory(this.header, new Float32Array(block.buffer))),
    );
  }

  /** Runs of each system, however scored. */
  get systemRuns(): number[][] {
    const runs = this.header.systems.map((): number[] => []);
    this.header.runs.forEach(({ system }, run) => runs[system]!.push(run));
    return runs;
  }

  needNotes(): void {
    this.load('notes', (block) => (this.placedNotes = parsed<PlacedNotes>(block)));
  }

  needTexts(): void {
    this.load('texts', (block) => (this.texts = parsed<string[]>(block)));
  }

  /** `[runs, bins, 3]` */
  reliability(view: TokenViewName): Float64Array | undefined {
    this.load('reliability', (block) => (this.reliabilities = new Float64Array(block.buffer)));
    const size = this.header.runs.length * RELIABILITY_BINS * RELIABILITY_COLUMNS;
    const from = TOKEN_VIEWS.indexOf(view) * size;
    return this.reliabilities?.subarray(from, from + size);
  }

  errors(runs: readonly number[]): RunError[] | undefined {
    this.load('errors', (block) => (this.errorBlock = block));
    const block = this.errorBlock;
    return (
      block && runs.flatMap((run) => readErrors(this.header, block, run).map((error) => ({ ...error, run })))
    );
  }

  private load(name: BlockName, take: (block: Uint8Array) => void): void {
    if (this.loading.has(name)) return;
    this.loading.add(name);
    this.source.block(name).then(
      (block) => {
        take(block);
        this.changed();
      },
      (error: unknown) => this.failed(`${name}: ${String(error)}`),
    );
  }
}

function parsed<Content>(block: Uint8Array): Content {
  return JSON.parse(new TextDecoder().decode(block)) as Content;
}
