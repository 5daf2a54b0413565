import { correctedResampledT, spread } from '../evaluate/repeatedRuns';
import { FIGURES, figureOf } from './figures';
import type { FigureName } from './figures';
import type { Ends, ReportHeader, ReportView } from './reportHeader';

/** One figure of a system over its runs. */
export interface SystemFigure {
  readonly mean: number;
  /** n − 1; undefined of a single run. */
  readonly deviation: number | undefined;
  /** In the order of `SystemFigures.runs`. */
  readonly values: readonly number[];
}

export interface SystemFigures {
  readonly system: number;
  /** Places of its runs that were scored in the view, by seed. */
  readonly runs: readonly number[];
  readonly figures: Readonly<Record<FigureName, SystemFigure>>;
}

/** Runs of each system, by seed. */
export function runsOfSystems(header: ReportHeader): number[][] {
  const runs = header.systems.map((): number[] => []);
  header.runs.forEach(({ system }, run) => runs[system]!.push(run));
  for (const own of runs) own.sort((a, b) => header.runs[a]!.seed - header.runs[b]!.seed);
  return runs;
}

/** Runs of each system that were scored in a view, by seed. */
export function runsBySystem(header: ReportHeader, view: ReportView): number[][] {
  return runsOfSystems(header).map((runs) =>
    runs.filter((run) => header.runs[run]!.layouts[view] !== undefined),
  );
}

/** @param figures `[runs, 6]`, see `runFigures` */
export function systemFigures(
  runsOfSystems: readonly (readonly number[])[],
  figures: Float64Array,
): SystemFigures[] {
  return runsOfSystems.flatMap((runs, system) => {
    if (runs.length === 0) return [];
    const entries = FIGURES.map((name) => {
      const values = runs.map((run) => figureOf(figures, run, name));
      const { mean, deviation } = spread(values);
      return [name, { mean, deviation, values }] as const;
    });
    const figuresByName = Object.fromEntries(entries) as unknown as Record<FigureName, SystemFigure>;
    return [{ system, runs, figures: figuresByName }];
  });
}

/**
 * The 95 % interval of a system's figure at its runs' own thresholds: of one run the bootstrap's over notes, of several
 * that of their mean, widened as Nadeau and Bengio ask since their training notes overlap.
 */
export function figureInterval(
  header: ReportHeader,
  { runs, figures }: SystemFigures,
  view: ReportView,
  name: FigureName,
): Ends | undefined {
  if (runs.length === 1) return header.runs[runs[0]!]!.intervals[view]?.[name];
  const { notes } = header.runs[runs[0]!]!;
  if (notes.train === 0) return undefined;
  const t = correctedResampledT(figures[name].values, notes.test / notes.train);
  return t && [Math.max(0, t.low), Math.min(1, t.high)];
}
