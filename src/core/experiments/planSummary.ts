import type { PlanFile, PlannedRun } from './plan';
import type { RunRecord } from './runFiles';

/** A run of a plan as its folder has it; figures once it is finished. */
export interface RunSummary {
  readonly run: PlannedRun;
  readonly state: 'finished' | 'begun' | 'waiting' | 'damaged';
  /**
   * Micro and macro F1 of the honest token view, thresholds from validation; of a language model whose answers are not
   * counted in tokens, of the text's words.
   */
  readonly microF1?: number;
  readonly macroF1?: number;
  readonly cost?: RunRecord['cost'];
  /** Epochs that were trained. */
  readonly epochs?: number;
  /** Absolute, where the finished model was kept. */
  readonly model?: string;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** What lies in a plan's folder. */
export interface PlanSummary {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  /** Absolute. */
  readonly corpus: string;
  readonly corpusSha256: string;
  readonly training: PlanFile['training'];
  readonly runs: readonly RunSummary[];
  /** Of its language models, each once. */
  readonly endpoints?: readonly string[];
  /** Why the plan cannot be used. */
  readonly problem?: string;
}

/** Runs that differ in nothing but the seed. */
export interface SystemSummary {
  readonly encoder: string;
  readonly strategy: RunRecord['strategy'];
  /** Undefined of an encoder that was fine-tuned before: its labels say. */
  readonly scheme: 'IO' | 'BIO' | undefined;
  readonly runs: readonly RunSummary[];
  /** Of the finished runs' micro F1; the deviation over seeds (n - 1) from two runs on. */
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
}

/** The systems of a plan in the order of its runs. */
export function systemsOfPlan({ runs }: Pick<PlanSummary, 'runs'>): SystemSummary[] {
  const systems = new Map<string, RunSummary[]>();
  for (const one of runs) {
    const { run } = one;
    const key = systemKey(run);
    const known = systems.get(key);
    if (known) known.push(one);
    else systems.set(key, [one]);
  }
  return [...systems.values()].map(systemOf);
}

function systemKey(run: PlannedRun): string {
  if (run.kind === 'train') return `${run.strategy} ${run.scheme} ${run.encoder}`;
  return `${run.kind === 'prompt' ? 'asked' : run.notes} ${run.encoder}`;
}

function systemOf(runs: readonly RunSummary[]): SystemSummary {
  const { run } = runs[0]!;
  const values = runs.flatMap(({ microF1 }) => microF1 ?? []);
  const mean =
    values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    encoder: run.encoder,
    strategy: run.kind === 'train' ? run.strategy : 'none',
    scheme: run.kind === 'train' ? run.scheme : undefined,
    runs,
    mean,
    deviation: mean === undefined || values.length < 2 ? undefined : deviation(values, mean),
  };
}

function deviation(values: readonly number[], mean: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Runs that somebody is about to ask for. */
export interface AskedRuns {
  readonly runs: readonly { readonly encoder: string; readonly strategy: RunRecord['strategy'] }[];
  readonly corpus: string;
  /** Undefined leaves it to the preset. */
  readonly epochs: number | undefined;
}

/**
 * Seconds that runs will take, judged by earlier runs of the same encoders on the same corpus on this machine; undefined
 * where there is none for one of them.
 */
export function estimateSeconds(asked: AskedRuns, plans: readonly PlanSummary[]): number | undefined {
  const earlier = plans
    .filter(({ corpus }) => corpus === asked.corpus)
    .flatMap((plan) => plan.runs.map((run) => ({ plan, run })));
  let sum = 0;
  for (const { encoder, strategy } of asked.runs) {
    const same = earlier.filter(
      ({ run }) => run.cost && run.run.encoder === encoder && trains(run) === (strategy !== 'none'),
    );
    const alike = same.filter(({ run }) => run.run.kind !== 'train' || run.run.strategy === strategy);
    const each = (alike.length > 0 ? alike : same).flatMap(
      ({ plan, run }) => secondsOf(run, plan, asked.epochs) ?? [],
    );
    if (each.length === 0) return undefined;
    sum += each.reduce((total, seconds) => total + seconds, 0) / each.length;
  }
  return sum;
}

function trains({ run }: RunSummary): boolean {
  return run.kind === 'train';
}

/** What a run would have taken with so many epochs; undefined where that cannot be told from it. */
function secondsOf(run: RunSummary, plan: PlanSummary, epochs: number | undefined): number | undefined {
  const { trainSeconds, scoreSeconds } = run.cost!;
  const planned = plan.training.epochs ?? plan.training.settings?.epochs;
  if (!trains(run) || planned === epochs) return trainSeconds + scoreSeconds;
  if (epochs === undefined || !run.epochs) return undefined;
  return (trainSeconds / run.epochs) * epochs + scoreSeconds;
}
