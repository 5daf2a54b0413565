import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';

/** A task of a job array that has not ended. */
export interface QueuedTask {
  readonly job: string;
  readonly task: number;
  readonly isRunning: boolean;
}

/**
 * Submits a batch script.
 * @param options of sbatch, besides those in the script
 * @returns the job's number
 * @throws Error with sbatch's own words
 */
export async function submitScript(
  script: string,
  folder: string,
  options: readonly string[] = [],
): Promise<string> {
  const answer = await slurm('sbatch', ['--parsable', ...options, script], folder);
  // A cluster's name may stand behind it.
  const job = answer.trim().split('\n').at(-1)!.split(';')[0]!;
  if (!/^\d+$/.test(job)) throw new Error(`sbatch: answered with no job's number: ${answer.trim()}`);
  return job;
}

/** The person's tasks that wait or run; one that only has to be cleared away has ended. */
export async function queuedTasks(): Promise<QueuedTask[]> {
  const { username } = os.userInfo();
  const format = ['--noheader', '--array', `--user=${username}`, '--format=%F|%K|%T'];
  const lines = (await slurm('squeue', format)).split('\n');
  return lines.flatMap((line) => {
    const [job, task, state] = line.trim().split('|');
    if (!job || !state || state === 'COMPLETING') return [];
    // A job that is no array has no number there.
    return [{ job, task: Number(task) || 0, isRunning: state !== 'PENDING' }];
  });
}

async function slurm(command: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { cwd, maxBuffer: 2 ** 28 });
    return stdout;
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT')
      throw new Error(
        `${command}: not found: --slurm needs Slurm's commands; --dry-run writes the scripts without them`,
        { cause: error },
      );
    throw new Error(`${command}: ${stderr.trim().split('\n').at(-1) || message}`, { cause: error });
  }
}
