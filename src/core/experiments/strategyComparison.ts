import { wholeSum } from '../evaluate/bootstrap';
import type { Interval, Resampling } from '../evaluate/bootstrap';
import type { Metric } from '../evaluate/metric';
import { holm } from '../evaluate/randomisation';
import { spread } from '../evaluate/repeatedRuns';
import type { PairTest } from './pairedRuns';
import { pairRuns, testPair } from './pairedRuns';
import type { ScoredRun, SystemName, SystemRunsRead } from './scoredSystems';
import { isSame, OF_LABEL, systemsOf } from './scoredSystems';

export type { ScoredRun, SystemName } from './scoredSystems';

/** A figure of one run. */
export interface RunFigure {
  readonly run: string;
  readonly seed: number;
  readonly value: number;
}

/**
 * A system less the baseline in one figure, and whether chance would do as much. Where only some of the runs are on
 * common splits, it is of those.
 */
export interface TestedDifference {
  /** With its 95 % interval, which no correction for several comparisons has widened. */
  readonly difference: Interval;
  /** Two-sided. */
  readonly p: number;
  /** By Holm's correction over the family: a figure's comparisons of all systems, of all labels' F1 together. */
  readonly adjustedP: number;
  /** How many comparisons that family has. */
  readonly family: number;
  /** Which test p and interval are of, in words. */
  readonly test: string;
}

/** One figure of a system. */
export interface SystemFigure {
  readonly mean: number;
  /** Standard deviation over seeds (n - 1); undefined of a single run. */
  readonly deviation: number | undefined;
  /** In order of seeds. */
  readonly perSeed: readonly RunFigure[];
  /** Undefined of the baseline itself, and where no test can be made: `ComparedSystem.untested` says why. */
  readonly fromBaseline: TestedDifference | undefined;
}

export interface ComparedSystem extends SystemName {
  readonly isBaseline: boolean;
  /** Ids of its runs, in order of seeds. */
  readonly runs: readonly string[];
  /** By the names in `StrategyComparison.figures`. */
  readonly figures: Readonly<Record<string, SystemFigure>>;
  /** Why it is not tested against the baseline, for a person; undefined where it is, and of the baseline. */
  readonly untested: string | undefined;
}

/** Systems against a baseline in one table of counts. */
export interface StrategyComparison {
  /** The table's name in counts.json, such as `text, words`. */
  readonly table: string;
  readonly baseline: SystemName;
  /** `micro F1`, `macro F1` and `F1 of LABEL` for each label that any run has. */
  readonly figures: readonly string[];
  /** The baseline first, then in the order in which they were met. */
  readonly systems: readonly ComparedSystem[];
}

export interface StrategyComparisonOptions extends Resampling {
  readonly table: string;
}

/**
 * Compares systems with a baseline by their finished runs. Runs on the same split (that of their seed) are compared
 * split by split, by the corrected resampled t-test; systems on different splits by their means, by Welch's t-test with
 * the same correction; on one and the same set of notes by approximate randomisation, or the multi-bootstrap of several
 * seeds. Token views are compared within one encoder and scheme: others count other units.
 * @throws RangeError where no run is of the baseline, or a run lacks the table
 */
export function compareStrategies(
  runs: readonly ScoredRun[],
  baseline: SystemName,
  options: StrategyComparisonOptions,
): StrategyComparison {
  const systems = systemsOf(runs, options.table);
  const first = systems.find((one) => isSame(one.name, baseline));
  if (!first) throw new RangeError(`no finished run of the baseline ${inWords(baseline)}`);
  const ordered = [first, ...systems.filter((one) => one !== first)];
  const tested = new Map(ordered.map((system) => [system, untestedOrTests(first, system, options)] as const));
  const adjusted = adjust(ordered.map((system) => tested.get(system)!.tests));
  return {
    table: options.table,
    baseline: first.name,
    figures: [...new Set(ordered.flatMap(({ figures }) => Object.keys(figures)))],
    systems: ordered.map((system, i) => ({
      ...system.name,
      isBaseline: system === first,
      runs: system.runs.map(({ id }) => id),
      untested: tested.get(system)!.untested,
      figures: Object.fromEntries(
        Object.entries(system.figures).map(([name, metric]) => [
          name,
          { ...figureOf(system, metric), fromBaseline: adjusted[i]![name] },
        ]),
      ),
    })),
  };
}

function figureOf(system: SystemRunsRead, metric: Metric): Omit<SystemFigure, 'fromBaseline'> {
  const perSeed = system.runs.map(({ id, seed, table }) => ({
    run: id,
    seed,
    value: metric(wholeSum(table)),
  }));
  const { mean, deviation } = spread(perSeed.map(({ value }) => value));
  return { mean, deviation, perSeed };
}

type Tests = Readonly<Record<string, PairTest>>;

function untestedOrTests(
  baseline: SystemRunsRead,
  system: SystemRunsRead,
  options: StrategyComparisonOptions,
): { readonly untested: string | undefined; readonly tests: Tests } {
  if (baseline === system) return { untested: undefined, tests: {} };
  const pairing = pairRuns(baseline, system, options.table);
  if ('untested' in pairing) return { untested: pairing.untested, tests: {} };
  const shared = Object.entries(system.figures).filter(([name]) => name in baseline.figures);
  const tests = shared.map(([name, metric]) => [name, testPair(pairing, metric, options)] as const);
  return { untested: undefined, tests: Object.fromEntries(tests) };
}

/** Holm's correction: micro F1 of all systems is one family, macro F1 another, every label's F1 together a third. */
function adjust(tests: readonly Tests[]): Readonly<Record<string, TestedDifference>>[] {
  const all = tests.flatMap((own, system) =>
    Object.entries(own).map(([name, test]) => ({ system, name, test })),
  );
  const results = tests.map((): Record<string, TestedDifference> => ({}));
  const familyOf = (name: string): string => (name.startsWith(OF_LABEL) ? OF_LABEL : name);
  for (const family of new Set(all.map(({ name }) => familyOf(name)))) {
    const own = all.filter(({ name }) => familyOf(name) === family);
    const adjusted = holm(own.map(({ test }) => test.p));
    for (const [i, { system, name, test }] of own.entries())
      results[system]![name] = { ...test, adjustedP: adjusted[i]!, family: own.length };
  }
  return results;
}

function inWords({ encoder, strategy, scheme }: SystemName): string {
  return `${encoder}, ${strategy}, ${scheme}`;
}
