import { seededRng } from '../../core/random';
import type { SystemName } from '../../core/experiments/strategyComparison';
import { compareStrategies } from '../../core/experiments/strategyComparison';
import { groupsIn } from '../../core/report/groups';
import type { ComparedGroup } from '../../core/report/groups';
import { REPORT_VIEWS, VIEW_TABLES } from '../../core/report/reportHeader';
import type { ReportComparison, ReportRun, ReportSystem, ReportView } from '../../core/report/reportHeader';
import type { ReadRun } from './readRun';

/** Rounds of the tests that draw notes by lot, as `anamnese compare` has them. */
const ROUNDS = 2000;
const SEED = 1;

/** Tests of every view's groups (`groupsIn`), each group a family of its own. */
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

function comparedGroup(
  runs: readonly ReadRun[],
  systems: readonly ReportSystem[],
  { members, baseline }: ComparedGroup,
  view: ReportView,
): ReportComparison[] {
  const table = VIEW_TABLES[view];
  const options = { table, rounds: ROUNDS, rng: seededRng(SEED) };
  // The comparison reads every table that it is given.
  const scored = runs.map(({ record, counts }) => {
    return { record, counts: { ...counts, tables: { [table]: counts.tables[table]! } } };
  });
  const { encoder, strategy, scheme } = systems[baseline]!;
  const compared = compareStrategies(scored, { encoder, strategy, scheme }, options);
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
