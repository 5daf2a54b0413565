import { seededRng } from '../../core/random';
import type { SystemName } from '../../core/experiments/strategyComparison';
import { compareStrategies } from '../../core/experiments/strategyComparison';
import { REPORT_VIEWS, VIEW_TABLES } from '../../core/report/reportHeader';
import type { ReportComparison, ReportRun, ReportSystem, ReportView } from '../../core/report/reportHeader';
import { isTokenView } from '../../core/report/views';
import type { ReadRun } from './readRun';

/** Rounds of the tests that draw notes by lot, as `anamnese compare` has them. */
const ROUNDS = 2000;
const SEED = 1;

interface Group {
  readonly members: readonly number[];
  readonly baseline: number;
}

/**
 * Tests made together: in each view the strategies of one encoder and scheme, and, where units do not depend on the
 * model, the encoders of one strategy and scheme.
 */
export function comparisonsOf(
  read: readonly ReadRun[],
  runs: readonly ReportRun[],
  systems: readonly ReportSystem[],
): ReportComparison[] {
  return REPORT_VIEWS.flatMap((view) =>
    groupsIn(view, systems).flatMap((group) => {
      const own = read.filter(
        (run, i) => group.members.includes(runs[i]!.system) && VIEW_TABLES[view] in run.counts.tables,
      );
      const hasBaseline = read.some((run, i) => runs[i]!.system === group.baseline && own.includes(run));
      return hasBaseline ? comparedGroup(own, systems, group, view) : [];
    }),
  );
}

function groupsIn(view: ReportView, systems: readonly ReportSystem[]): Group[] {
  const strategies = grouped(systems, ({ encoder, scheme, notes }) =>
    JSON.stringify([encoder, scheme, notes]),
  );
  const byStrategy = strategies.map((members) => {
    const baseline = members.find((system) => systems[system]!.strategy === 'is') ?? members[0]!;
    return { members, baseline };
  });
  if (isTokenView(view)) return byStrategy;
  const encoders = grouped(systems, ({ strategy, scheme, notes }) =>
    JSON.stringify([strategy, scheme, notes]),
  );
  return [...byStrategy, ...encoders.map((members) => ({ members, baseline: members[0]! }))];
}

function grouped(systems: readonly ReportSystem[], keyOf: (system: ReportSystem) => string): number[][] {
  const groups = new Map<string, number[]>();
  systems.forEach((system, i) => {
    const key = keyOf(system);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()].filter((members) => members.length > 1);
}

function comparedGroup(
  runs: readonly ReadRun[],
  systems: readonly ReportSystem[],
  { members, baseline }: Group,
  view: ReportView,
): ReportComparison[] {
  const table = VIEW_TABLES[view];
  const options = { table, rounds: ROUNDS, rng: seededRng(SEED) };
  // The comparison reads every table that it is given.
  const scored = runs.map(({ record, counts }) => {
    return { record, counts: { ...counts, tables: { [table]: counts.tables[table]! } } };
  });
  const compared = compareStrategies(scored, systems[baseline]!, options);
  return compared.systems.flatMap((system) => {
    const place = members.find((member) => isSame(systems[member]!, system))!;
    return (['micro F1', 'macro F1'] as const).flatMap((metric): ReportComparison[] => {
      const tested = system.figures[metric]?.fromBaseline;
      if (!tested) return [];
      const { difference, test, p, adjustedP } = tested;
      return [{ view, metric, baseline, system: place, difference, test, p, adjustedP }];
    });
  });
}

function isSame(a: ReportSystem, b: SystemName): boolean {
  return a.encoder === b.encoder && a.strategy === b.strategy && a.scheme === b.scheme;
}
