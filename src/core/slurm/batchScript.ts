/** What a job asks of the cluster, as sbatch's options have it. */
export interface SlurmResources {
  readonly partition?: string | undefined;
  readonly time?: string | undefined;
  readonly cpus?: number | undefined;
  readonly mem?: string | undefined;
  readonly gpus?: string | undefined;
  /** Options of sbatch, whole, such as `--account=icu`; they come last, so that they win. */
  readonly options: readonly string[];
}

interface Job {
  readonly name: string;
  /** Of the script and its logs, absolute. */
  readonly folder: string;
  readonly resources: SlurmResources;
  /** Program and arguments, to which a task adds the items of its share. */
  readonly command: readonly string[];
}

export interface ArrayJob extends Job {
  readonly tasks: number;
  /** The most tasks that run at the same time. */
  readonly atOnce?: number | undefined;
  /** What is shared out: task i, from 0, has items i, i + tasks, i + 2 tasks … */
  readonly items: readonly string[];
}

/** The most characters of a job's name: enough to tell it in a table. */
const NAME_LENGTH = 40;

/** A name that needs no quotes anywhere. */
export function jobName(given: string): string {
  const plain = given.normalize('NFKD').replaceAll(/[^A-Za-z0-9._-]+/g, '');
  return `anamnese-${plain}`.slice(0, NAME_LENGTH).replace(/-$/, '');
}

export const taskLog = (task: number): string => `task-${task}.log`;

/**
 * A batch script whose array of tasks shares items out. It takes nothing from the environment of who submits it, and
 * its logs lie beside it: sbatch's own `--output` would read patterns in the names of folders.
 */
export function arrayScript({ tasks, atOnce, items, ...job }: ArrayJob): string {
  const array = `0-${tasks - 1}${atOnce === undefined ? '' : `%${atOnce}`}`;
  return [
    ...header(job, [`--array=${array}`]),
    `exec > "$folder/task-$SLURM_ARRAY_TASK_ID.log" 2>&1`,
    '',
    `# Task i, counted from 0, has the items i, i + ${tasks}, i + ${2 * tasks} …`,
    `items=(`,
    ...items.map((item) => `  ${quoted(item)}`),
    ')',
    'share=()',
    `for ((i = SLURM_ARRAY_TASK_ID; i < \${#items[@]}; i += ${tasks})); do share+=("\${items[i]}"); done`,
    `exec ${job.command.map(quoted).join(' ')} "\${share[@]}"`,
    '',
  ].join('\n');
}

/** A batch script of one command, for what is done when all tasks have ended. */
export function singleScript(job: Job, log: string): string {
  return [
    ...header(job, []),
    `exec > "$folder/${log}" 2>&1`,
    '',
    `exec ${job.command.map(quoted).join(' ')}`,
    '',
  ].join('\n');
}

function header({ name, folder, resources }: Job, own: readonly string[]): string[] {
  const { partition, time, cpus, mem, gpus, options } = resources;
  const asked = { partition, time, 'cpus-per-task': cpus, mem, gpus };
  const given = Object.entries(asked).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${key}=${value}`],
  );
  const fixed = [`--job-name=${name}`, ...own, '--output=/dev/null', '--export=NONE'];
  return [
    '#!/bin/bash',
    ...[...fixed, ...given, ...options].map((option) => `#SBATCH ${option}`),
    '',
    'set -eu',
    `folder=${quoted(folder)}`,
  ];
}

/** A word as bash takes it literally, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
