import type { Strategy } from '../train/balance/strategy';
import type { EvaluationRun, PlanFile, PlannedRun, TrainingRun } from './plan';

/** Which runs are asked for: every combination, encoders by their names in the plan. */
export interface AskedRuns {
  readonly encoders: readonly string[];
  readonly strategies: readonly Strategy[];
  readonly schemes: readonly TrainingRun['scheme'][];
  readonly seeds: readonly number[];
  /** Encoders that are only scored. */
  readonly evaluations: readonly {
    readonly encoder: string;
    readonly notes: EvaluationRun['notes'];
    readonly seeds: readonly number[];
  }[];
  /** Language models by their names in the plan, asked with every seed. */
  readonly languageModels?: readonly string[];
}

/** The runs in the order in which they are carried out: seed by seed, so that a plan half done compares all systems. */
export function askedRuns({
  encoders,
  strategies,
  schemes,
  seeds,
  evaluations,
  languageModels = [],
}: AskedRuns): PlannedRun[] {
  const training = seeds.flatMap((seed) =>
    encoders.flatMap((encoder) =>
      schemes.flatMap((scheme) =>
        strategies.map((strategy) => withId({ kind: 'train', encoder, strategy, scheme, seed })),
      ),
    ),
  );
  const evaluated = evaluations.flatMap(({ encoder, notes, seeds: own }) =>
    // Only the split of `test` depends on the seed.
    (notes === 'test' ? own : own.slice(0, 1)).map((seed) =>
      withId({ kind: 'evaluate', encoder, notes, seed }),
    ),
  );
  const prompted = seeds.flatMap((seed) =>
    languageModels.map((encoder) => withId({ kind: 'prompt', encoder, seed })),
  );
  return [...evaluated, ...training, ...prompted];
}

/** A plan's runs and those that it does not have yet. */
export function withRuns(plan: PlanFile, asked: readonly PlannedRun[]): PlanFile {
  const known = new Set(plan.runs.map(({ id }) => id));
  return { ...plan, runs: [...plan.runs, ...asked.filter(({ id }) => !known.has(id))] };
}

type WithoutId<Run> = Run extends PlannedRun ? Omit<Run, 'id'> : never;

function withId(run: WithoutId<PlannedRun>): PlannedRun {
  return { ...run, id: `${run.encoder}-${whatOf(run)}-${run.seed}` };
}

function whatOf(run: WithoutId<PlannedRun>): string {
  switch (run.kind) {
    case 'train':
      return `${run.strategy}-${run.scheme.toLowerCase()}`;
    case 'evaluate':
      return `evaluated-${run.notes}`;
    case 'prompt':
      return 'asked';
  }
}

/**
 * A folder's name as an encoder's name in a plan and part of its runs' ids: lower case without what file systems quarrel
 * about, and another than those taken.
 */
export function encoderName(folder: string, taken: readonly string[]): string {
  const plain = folder
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  const name = plain === '' ? 'encoder' : plain;
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

/**
 * Every `of`-th run from the `part`-th on, both counted from 1: shares of a plan for `of` machines, which together are
 * all of it. Runs that are added later go behind the others, so that a share only grows.
 */
export function shareOf({ runs }: PlanFile, part: number, of: number): string[] {
  return runs.filter((_, i) => i % of === part - 1).map(({ id }) => id);
}
