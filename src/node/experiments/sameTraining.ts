import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingRun } from '../../core/experiments/plan';
import type { RunRecord } from '../../core/experiments/runFiles';
import { RUN_FILES } from '../../core/experiments/runFiles';
import type { HyperParameters } from '../../core/train/settings/hyperParameters';
import { asTheStrategySays } from '../../core/train/settings/hyperParameters';
import { isSameBalance, balancedBySeed } from '../../core/train/balance/strategy';
import type { Balanced } from '../../core/train/balance/strategy';
import { readSplit } from '../training/trainingNotes';
import { writeWholeFile } from '../wholeFile';
import { readRecord, runPath, writeRecord } from './planFolder';
import { notesOfSplit } from './runNotes';
import type { RunWork } from './runTask';

/**
 * A finished run of the plan whose training this one would repeat to the last bit; undefined where there is none. A
 * strategy against imbalance may find nothing to do: where every label is in most notes, all clamped weights are 1 and
 * oversampling repeats no note, so that both are iterative stratification alone.
 */
export async function finishedTwin(run: TrainingRun, work: RunWork): Promise<RunRecord | undefined> {
  const { task, plan } = work;
  const alike = plan.runs.filter(
    (one): one is TrainingRun =>
      one.kind === 'train' && one.id !== run.id && isSameSystem(one, run) && isSameSplit(one, run),
  );
  for (const one of alike) {
    const record = await readRecord(task.folder, plan, one.id);
    // What a twin was copied from is a twin itself.
    if (record && record.sameAs === undefined && (await learnsTheSame(run, one, record, work))) return record;
  }
  return undefined;
}

/** Finishes a run with the results of its twin. The weights are the twin's own. */
export async function copyTwin(twin: RunRecord, run: TrainingRun, { task }: RunWork): Promise<void> {
  const [from, to] = [twin.id, run.id].map((id) => runPath(task.folder, id)) as [string, string];
  await mkdir(to, { recursive: true });
  const { split, curves, counts, tokens, predictions } = RUN_FILES;
  for (const name of [split, curves, counts, tokens, predictions])
    await copyFile(path.join(from, name), path.join(to, name));
  const metrics = await readFile(path.join(from, RUN_FILES.metrics), 'utf8');
  await writeWholeFile(path.join(to, RUN_FILES.metrics), renamed(metrics, run.id));
  const finishedAt = new Date().toISOString();
  await writeRecord(task.folder, {
    ...twin,
    id: run.id,
    strategy: run.strategy,
    sameAs: twin.id,
    finishedAt,
  });
}

/** The bytes that the run would have written: however a plan is shared out, it comes to the same. */
function renamed(metrics: string, id: string): string {
  const read = JSON.parse(metrics) as Record<string, unknown>;
  const end = metrics.endsWith('\n') ? '\n' : '';
  return JSON.stringify({ ...read, predictionsBy: id }, null, 2) + end;
}

function isSameSystem(a: TrainingRun, b: TrainingRun): boolean {
  return a.encoder === b.encoder && a.scheme === b.scheme && a.seed === b.seed;
}

/** All but `random` stratify, and a seed draws one stratified split. */
function isSameSplit(a: TrainingRun, b: TrainingRun): boolean {
  return (a.strategy === 'random') === (b.strategy === 'random');
}

async function learnsTheSame(
  run: TrainingRun,
  twin: TrainingRun,
  { labels, parameters }: RunRecord,
  { task, documents }: RunWork,
): Promise<boolean> {
  const file = path.join(runPath(task.folder, twin.id), RUN_FILES.split);
  const { train } = notesOfSplit(await readSplit(file), documents, file);
  // Runs of earlier versions say nothing of weights and had the strategy's.
  const { oversampling, weights = asTheStrategySays } = parameters as unknown as Partial<HyperParameters> &
    Pick<HyperParameters, 'oversampling'>;
  const balanced = (one: TrainingRun): Balanced =>
    balancedBySeed(train, one, { labels, scheme: one.scheme, oversampling, weights });
  return isSameBalance(balanced(run), balanced(twin));
}
