import { mkdir } from 'node:fs/promises';
import type { PlanFile, PlannedRun } from '../../core/experiments/plan';
import { readConfig } from '../encoderFolder';
import { fingerprint } from '../training/encoderFiles';
import { evaluateRun } from './evaluateRun';
import { readPlan, readPlanCorpus, readRecord, resolveIn, runPath } from './planFolder';
import { acquireLock } from './runLock';
import type { RunOutcome, RunTask, RunTaskHooks } from './runTask';
import { trainRun } from './trainRun';

export type { RunOutcome, RunTask, RunTaskHooks } from './runTask';

/**
 * Carries out one run of a plan from wherever it stands: training from its last checkpoint, then scores, then the
 * record. A run that is finished is left as it is; one that another process is at, too.
 * @throws Error with a message for a person
 */
export async function carryOutRun(task: RunTask, hooks: RunTaskHooks): Promise<RunOutcome> {
  const lock = await acquireLock(task.folder, task.id);
  if (!lock) return 'held';
  const signal = AbortSignal.any([lock.lost, ...(hooks.signal ? [hooks.signal] : [])]);
  try {
    const outcome = await carryOutLocked(task, { ...hooks, signal });
    return outcome === 'stopped' && lock.lost.aborted ? 'held' : outcome;
  } catch (error) {
    if (lock.lost.aborted) return 'held';
    if (signal.aborted) return 'stopped';
    throw error;
  } finally {
    await lock.release();
  }
}

async function carryOutLocked(task: RunTask, hooks: RunTaskHooks): Promise<RunOutcome> {
  const plan = await readPlan(task.folder);
  const run = plan.runs.find(({ id }) => id === task.id);
  if (!run) throw new Error(`${task.folder}: the plan has no run ${task.id}`);
  if (await readRecord(task.folder, plan, run.id)) return 'finished';
  const { documents } = await readPlanCorpus(task.folder, plan);
  const encoder = await openPlanned(task.folder, plan, run);
  await mkdir(runPath(task.folder, run.id), { recursive: true });
  const work = { task, plan, documents, encoder, hooks };
  return run.kind === 'train' ? await trainRun(run, work) : await evaluateRun(run, work);
}

/** The folder of a run's encoder. @throws Error where it is gone or is not the one that the plan was made with */
async function openPlanned(
  folder: string,
  { encoders }: PlanFile,
  { id, encoder }: PlannedRun,
): Promise<string> {
  const planned = encoders.find(({ name }) => name === encoder);
  if (!planned) throw new Error(`${folder}: the plan has no encoder ${encoder}, which ${id} needs`);
  const where = resolveIn(folder, planned.path);
  readConfig(where);
  if ((await fingerprint(where)) === planned.sha256) return where;
  throw new Error(
    `${where}: this encoder has changed since the plan was made: bring it back, or make another plan`,
  );
}
