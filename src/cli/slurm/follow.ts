import { setTimeout } from 'node:timers/promises';
import { onSignals } from '../../node/ownProcess';
import { queuedTasks } from '../../node/slurm/slurm';
import type { Submission } from '../../node/slurm/submissions';
import { activeTasks } from '../../node/slurm/submissions';
import { countOf } from '../table';
import type { SlurmWork } from './dispatch';

/** Milliseconds between two looks at the queue: soon at first, then as seldom as its keepers like it. */
const [FIRST_LOOK, LAST_LOOK, GROWTH] = [500, 15_000, 1.3];

/** The exit code of a program that a signal stopped. */
const INTERRUPTED = 130;

/** Tells how the work goes on until every task has ended, or a signal ends the waiting. */
export async function follow(
  work: SlurmWork,
  submissions: readonly Submission[],
): Promise<'ended' | 'interrupted'> {
  const abort = new AbortController();
  const forget = onSignals(() => abort.abort());
  let told = '';
  try {
    for (let pause = FIRST_LOOK; ; pause = Math.min(pause * GROWTH, LAST_LOOK)) {
      const active = activeTasks(submissions, await queuedTasks());
      const running = active.filter(({ isRunning }) => isRunning).length;
      const line = lineOf(work, await work.left(), running, active.length - running);
      if (line !== told) console.error((told = line));
      if (active.length === 0) return 'ended';
      await setTimeout(pause, undefined, abort).catch(() => undefined);
      if (abort.signal.aborted) return interrupted();
    }
  } finally {
    forget();
  }
}

function lineOf(
  { noun, total }: SlurmWork,
  left: readonly string[],
  running: number,
  waiting: number,
): string {
  const finished = `${total - left.length} of ${countOf(total, noun)} finished`;
  return `${finished}; ${countOf(running, 'task')} running, ${waiting} waiting`;
}

function interrupted(): 'interrupted' {
  console.error('anamnese: the jobs go on; the same command waits for them again');
  process.exitCode = INTERRUPTED;
  return 'interrupted';
}
