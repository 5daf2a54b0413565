import { mkdir } from 'node:fs/promises';
import type { PlannedRun } from '../../core/experiments/plan';
import { askRun } from './askRun';
import { evaluateRun } from './evaluateRun';
import { openPlanned } from './plannedEncoder';
import { readPlanCorpus } from './planCorpus';
import { readPlan, readRecord, runPath } from './planFolder';
import { acquireLock } from '../lock';
import type { EncoderWork, RunOutcome, RunTask, RunTaskHooks } from './runTask';
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
  const corpus = await readPlanCorpus(task.folder, plan);
  const work = { task, plan, corpus, documents: corpus.documents, hooks };
  await mkdir(runPath(task.folder, run.id), { recursive: true });
  if (run.kind === 'prompt') return await askRun(run, work);
  return await encoderRun(run, { ...work, encoder: await openPlanned(task.folder, plan, run) });
}

type EncoderRun = Exclude<PlannedRun, { readonly kind: 'prompt' }>;

async function encoderRun(run: EncoderRun, work: EncoderWork): Promise<RunOutcome> {
  return run.kind === 'train' ? await trainRun(run, work) : await evaluateRun(run, work);
}
