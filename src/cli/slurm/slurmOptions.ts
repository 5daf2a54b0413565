import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { SlurmResources } from '../../core/slurm/batchScript';
import { wholeNumber } from '../numbers';

/** What a command that can run on a cluster is told about it, as commander names it. */
export interface SlurmOptions {
  readonly slurm?: boolean;
  readonly array?: ArraySize;
  readonly partition?: string;
  readonly time?: string;
  readonly cpus?: number;
  readonly mem?: string;
  readonly gpus?: string;
  readonly sbatchOption?: string[];
  readonly wait?: boolean;
  readonly dryRun?: boolean;
}

/** How many tasks share the work, and how many of them run at once. */
export interface ArraySize {
  readonly tasks: number;
  readonly atOnce?: number | undefined;
}

/** @param elsewhere options that say where else the work is done */
export function addSlurmOptions(command: Command, elsewhere: string[]): Command {
  return command
    .optionsGroup('On a cluster with Slurm:')
    .addOption(
      new Option(
        '--slurm',
        'submit the work as a job array; what is finished or under way is not again',
      ).conflicts(elsewhere),
    )
    .option('--array <n>', 'tasks that share the work; 40%8: of 40, at most 8 at once', arraySize)
    .option('--partition <name>', 'sbatch’s --partition', word)
    .option('--time <limit>', 'sbatch’s --time, of a task; the same command takes up what it ends', word)
    .option('--cpus <n>', 'processors a task', wholeNumber(1))
    .option('--mem <size>', 'memory a task, such as 16G', word)
    .option('--gpus <n>', 'sbatch’s --gpus, of a task', word)
    .option(
      '--sbatch-option <option>',
      'any other of sbatch’s, such as --sbatch-option=--account=icu',
      collected,
    )
    .option('--wait', 'wait until all tasks have ended, and gather the results here')
    .option('--dry-run', 'write the scripts and submit nothing');
}

export function resourcesOf(options: SlurmOptions): SlurmResources {
  const { partition, time, cpus, mem, gpus, sbatchOption = [] } = options;
  return { partition, time, cpus, mem, gpus, options: sbatchOption };
}

/** @throws Error where the options of a cluster are given without one */
export function checkSlurmOptions(options: SlurmOptions): void {
  const { slurm, array, partition, time, cpus, mem, gpus, sbatchOption, wait, dryRun } = options;
  const given = {
    array,
    partition,
    time,
    cpus,
    mem,
    gpus,
    'sbatch-option': sbatchOption,
    wait,
    'dry-run': dryRun,
  };
  const first = Object.entries(given).find(([, value]) => value !== undefined);
  if (!slurm && first) throw new Error(`--${first[0]}: is for --slurm`);
}

function arraySize(value: string): ArraySize {
  const [, tasks, atOnce] = /^([1-9]\d{0,6})(?:%([1-9]\d{0,6}))?$/.exec(value) ?? [];
  if (tasks === undefined)
    throw new InvalidArgumentError('a number of tasks such as 40, or 40%8, is needed.');
  return { tasks: Number(tasks), atOnce: atOnce === undefined ? undefined : Number(atOnce) };
}

/** A value that sbatch reads as one word. */
function word(value: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new InvalidArgumentError('one word is needed.');
  return value;
}

function collected(value: string, before: string[] = []): string[] {
  if (!/^-[^\n\r]+$/.test(value))
    throw new InvalidArgumentError('an option of sbatch such as --account=icu is needed.');
  return [...before, value];
}
