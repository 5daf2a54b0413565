import type { PlanFile, TrainingRun } from './plan';
import type { PlanSummary } from './planSummary';

/** Runs that somebody is about to ask for, encoders by their names. */
export interface AskedTraining {
  readonly corpusSha256: string;
  readonly training: Partial<PlanFile['training']>;
  readonly runs: readonly Pick<TrainingRun, 'encoder' | 'strategy' | 'scheme' | 'seed'>[];
}

/** A plan that could have these runs too, and how many of them it has finished. */
export interface PlanToAddTo {
  readonly plan: PlanSummary;
  readonly finished: number;
}

/** Plans of the same notes and settings that train, those first that have most of the runs. */
export function plansToAddTo(asked: AskedTraining, plans: readonly PlanSummary[]): PlanToAddTo[] {
  const wanted = new Set(asked.runs.map(keyOf));
  return plans
    .filter((plan) => isAlike(plan, asked))
    .map((plan) => ({ plan, finished: finishedOf(plan, wanted) }))
    .sort((a, b) => b.finished - a.finished);
}

function isAlike(plan: PlanSummary, { corpusSha256, training }: AskedTraining): boolean {
  return (
    plan.problem === undefined &&
    plan.corpusSha256 === corpusSha256 &&
    plan.runs.some(({ run }) => run.kind === 'train') &&
    settingsKey(plan.training) === settingsKey({ preset: 'default', ...training })
  );
}

function settingsKey(training: Partial<PlanFile['training']>): string {
  const given = Object.entries(training).filter(([, value]) => value !== undefined);
  return JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function finishedOf({ runs }: PlanSummary, wanted: ReadonlySet<string>): number {
  return runs.filter(
    ({ run, state }) => run.kind === 'train' && state === 'finished' && wanted.has(keyOf(run)),
  ).length;
}

function keyOf({ encoder, strategy, scheme, seed }: AskedTraining['runs'][number]): string {
  return `${encoder} ${strategy} ${scheme} ${seed}`;
}
