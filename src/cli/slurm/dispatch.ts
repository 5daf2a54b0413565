import path from 'node:path';
import { arrayScript, jobName, singleScript, taskLog } from '../../core/slurm/batchScript';
import { queuedTasks, submitScript } from '../../node/slurm/slurm';
import type { ActiveTask, Submission } from '../../node/slurm/submissions';
import {
  activeTasks,
  submissionFolder,
  submissionsOf,
  taskOf,
  writeSubmission,
} from '../../node/slurm/submissions';
import { writeWholeFile } from '../../node/wholeFile';
import { countOf } from '../table';
import { follow } from './follow';
import type { ArraySize, SlurmOptions } from './slurmOptions';
import { resourcesOf } from './slurmOptions';

/** Work that a cluster shares out. */
export interface SlurmWork {
  /** Of the plan or the prediction. */
  readonly folder: string;
  /** What an item is: a run, say. */
  readonly noun: string;
  /** Of all items, how many there are. */
  readonly total: number;
  /** Items that are not finished. Asked again while it is waited. */
  left(): Promise<readonly string[]>;
  /** How many tasks there are where nobody says. */
  readonly tasks: number;
  /** Arguments of `anamnese` before the items of a task. */
  readonly task: readonly string[];
  /** Arguments of `anamnese` that gather the results. */
  readonly gather: readonly string[];
}

/** How it stands when the command ends. */
export type Dispatched = 'submitted' | 'written' | 'ended' | 'interrupted';

/**
 * Submits what is left of some work and is not under way; with `--wait`, waits until every task has ended.
 * @throws Error with the words of Slurm's own commands
 */
export async function dispatch(work: SlurmWork, options: SlurmOptions): Promise<Dispatched> {
  const earlier = await submissionsOf(work.folder);
  const left = await work.left();
  if (left.length === 0) return 'ended';
  const active = options.dryRun ? [] : activeTasks(earlier, await queuedTasks());
  const underWay = new Set(active.flatMap(({ items }) => items));
  const todo = left.filter((item) => !underWay.has(item));
  if (todo.length < left.length)
    console.error(`anamnese: ${countOf(left.length - todo.length, work.noun)} under way already`);
  const submitted = todo.length > 0 ? await submit(work, todo, active, options) : undefined;
  if (options.dryRun) return 'written';
  if (!options.wait) return 'submitted';
  const all = submitted ? [...earlier, submitted] : earlier;
  const outcome = await follow(work, all);
  if (outcome === 'ended') await reportLeft(work, all);
  return outcome;
}

/** Writes the scripts and submits them. @returns undefined where they are only written */
async function submit(
  work: SlurmWork,
  items: readonly string[],
  active: readonly ActiveTask[],
  options: SlurmOptions,
): Promise<Submission | undefined> {
  const folder = await submissionFolder(path.resolve(work.folder));
  const asked = options.array ?? { tasks: work.tasks };
  const size = { ...asked, tasks: Math.min(asked.tasks, items.length) };
  const [array, gather] = await writeScripts(work, items, folder, size, options);
  if (options.dryRun) {
    process.stdout.write(`${array}\n${gather}\n`);
    return undefined;
  }
  const job = await submitScript(array, folder);
  const made = { format: 'anamnese-submission', version: 1, job } as const;
  const submission = { ...made, folder, tasks: size.tasks, items: [...items], gather: null };
  await writeSubmission(submission);
  if (options.wait) return told(work, submission);
  const jobs = [...new Set([job, ...active.map((one) => one.job)])];
  const gathering = await submitScript(gather, folder, [`--dependency=afterany:${jobs.join(':')}`]);
  await writeSubmission({ ...submission, gather: gathering });
  return told(work, { ...submission, gather: gathering });
}

async function writeScripts(
  { folder: work, task, gather }: SlurmWork,
  items: readonly string[],
  folder: string,
  size: ArraySize,
  options: SlurmOptions,
): Promise<[array: string, gather: string]> {
  const program = [process.execPath, path.resolve(process.argv[1]!)];
  const resources = resourcesOf(options);
  const common = { name: jobName(path.basename(path.resolve(work))), folder, resources };
  const light = { ...common, resources: { ...resources, cpus: undefined, gpus: undefined } };
  const texts = {
    'job.sh': arrayScript({ ...common, ...size, items, command: [...program, ...task] }),
    'gather.sh': singleScript({ ...light, command: [...program, ...gather] }, 'gather.log'),
  };
  for (const [name, text] of Object.entries(texts)) await writeWholeFile(path.join(folder, name), text);
  return [path.join(folder, 'job.sh'), path.join(folder, 'gather.sh')];
}

function told({ noun }: SlurmWork, submission: Submission): Submission {
  const { job, gather, folder, items, tasks } = submission;
  const shared = `${countOf(items.length, noun)} in ${countOf(tasks, 'task')}`;
  console.error(`anamnese: job ${job} submitted: ${shared}; its scripts and logs are in ${folder}`);
  console.error(`anamnese: squeue --job ${job} shows it, scancel ${job} ends it; the same command goes on`);
  if (gather !== null) console.error(`anamnese: job ${gather} gathers the results when all have ended`);
  return submission;
}

/** What no task has finished, and where its log lies. */
async function reportLeft(work: SlurmWork, submissions: readonly Submission[]): Promise<void> {
  const left = await work.left();
  for (const item of left) {
    const last = taskOf(submissions, item);
    const log = last ? `: see ${path.join(last.folder, taskLog(last.task))}` : '';
    console.error(`anamnese: ${work.noun} ${item} is not finished${log}`);
  }
  if (left.length === 0) return;
  console.error(`anamnese: the same command submits ${left.length === 1 ? 'it' : 'them'} again`);
  process.exitCode = 1;
}
