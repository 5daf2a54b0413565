import path from 'node:path';
import { readPlan } from '../../node/experiments/planFolder';
import { planProgress } from '../../node/experiments/runPlan';
import type { PlanOptions } from '../experiments/planOptions';
import type { SlurmWork } from './dispatch';

/**
 * Seconds that a task waits for a run of its own that another process seems to be at: a little longer than a process of
 * another machine that ended without a word still holds it.
 */
const PATIENCE = 11 * 60;

/** The most tasks where nobody says: clusters limit the size of an array, most to a thousand. */
const MOST_TASKS = 1000;

/** The runs of a plan as work for a cluster: by default a task each. */
export async function planWork(given: string, options: PlanOptions): Promise<SlurmWork> {
  const { device, plan, memory, cpus, only } = options;
  const threads = options.threads ?? cpus;
  const folder = path.resolve(given);
  const { runs } = await readPlan(folder);
  const unknown = only?.filter((id) => !runs.some((run) => run.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`${given}: the plan has no run ${unknown.join(', ')}`);
  return {
    folder,
    noun: 'run',
    total: only?.length ?? runs.length,
    left: async () => {
      const { left } = await planProgress(folder);
      return only ? left.filter((id) => only.includes(id)) : left;
    },
    tasks: MOST_TASKS,
    task: [
      ...['compare', folder, '--no-report', '--lock-patience', String(PATIENCE), '--device', device],
      ...(threads === undefined ? [] : ['--threads', String(threads)]),
      ...(plan === undefined ? [] : ['--plan', plan]),
      ...(memory === undefined ? [] : ['--memory', String(memory / 2 ** 30)]),
      '--only',
    ],
    gather: ['report', folder],
  };
}
