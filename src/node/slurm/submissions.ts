import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeFolder, writeWholeFile } from '../wholeFile';
import type { QueuedTask } from './slurm';

/** Below the folder of a plan or a prediction: a folder a submission, with its scripts, logs and `submission.json`. */
export const SLURM = 'slurm';

const FILE = 'submission.json';

const submission = z.object({
  format: z.literal('anamnese-submission'),
  version: z.literal(1),
  job: z.string(),
  /** The job that gathers the results, where nobody waits for them. */
  gather: z.string().nullable(),
  tasks: z.int().positive(),
  /** What was shared out: task i has items i, i + tasks, i + 2 tasks … */
  items: z.array(z.string()),
});

export interface Submission extends z.infer<typeof submission> {
  readonly folder: string;
}

/** A new folder for a submission: the next number. */
export async function submissionFolder(work: string): Promise<string> {
  const parent = path.join(work, SLURM);
  await makeFolder(parent);
  for (let number = (await numbered(parent)).length + 1; ; number++) {
    const folder = path.join(parent, String(number));
    const made = await mkdir(folder).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (made) return folder;
  }
}

export async function writeSubmission({ folder, ...rest }: Submission): Promise<void> {
  await writeWholeFile(path.join(folder, FILE), JSON.stringify(submission.parse(rest), null, 1) + '\n');
}

/** All that was submitted, in order. @throws Error naming a file that is damaged */
export async function submissionsOf(work: string): Promise<Submission[]> {
  const parent = path.join(work, SLURM);
  const found = [];
  for (const name of await numbered(parent)) {
    const folder = path.join(parent, name);
    const text = await readFile(path.join(folder, FILE), 'utf8').catch(() => undefined);
    // Written with --dry-run.
    if (text !== undefined) found.push({ folder, ...parsed(path.join(folder, FILE), text) });
  }
  return found;
}

/** A submission's task that has not ended, with what it has to do. */
export interface ActiveTask extends QueuedTask {
  readonly items: readonly string[];
}

export function activeTasks(submissions: readonly Submission[], queued: readonly QueuedTask[]): ActiveTask[] {
  return submissions.flatMap(({ job, tasks, items }) =>
    queued
      .filter((one) => one.job === job)
      .map((one) => ({ ...one, items: items.filter((_, i) => i % tasks === one.task) })),
  );
}

/** Where the last task that had an item logged, for a person to look. */
export function taskOf(
  submissions: readonly Submission[],
  item: string,
): { readonly folder: string; readonly task: number } | undefined {
  const last = submissions.findLast(({ items }) => items.includes(item));
  return last && { folder: last.folder, task: last.items.indexOf(item) % last.tasks };
}

async function numbered(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
}

function parsed(file: string, text: string): z.infer<typeof submission> {
  try {
    return submission.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file}: damaged: delete it, and what it tells of is submitted again`, { cause: error });
  }
}
