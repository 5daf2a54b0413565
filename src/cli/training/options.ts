import type { Command } from 'commander';
import { Option } from 'commander';
import type { z } from 'zod';
import type { Job } from '../../core/train/settings/jobs';
import { encoderFolderOf } from '../../node/library/named';
import { readSettings } from '../../node/training/settingsFile';
import { fraction, positive, wholeNumber } from '../numbers';

/** What the commands that train have in common, as commander names it. */
export interface CommonOptions {
  readonly encoder: string;
  readonly out: string;
  readonly seed: number;
  readonly device: 'auto' | 'cpu' | 'webgpu';
  readonly resume?: boolean;
  readonly plan?: 'whole-graph' | 'layer-by-layer';
  /** In bytes. */
  readonly memory?: number;
  readonly threads?: number;
  readonly epochs?: number;
  readonly lr?: number;
  readonly batch?: number;
  readonly batchTokens?: number;
  readonly accumulate?: number;
  readonly maxLength?: number;
  /** Path of a JSON file. */
  readonly settings?: string;
  readonly json?: boolean;
}

/** Tokens that a window holds at least: fewer leave no room beside the special ones. */
const SHORTEST = 8;

export function addCommonOptions(command: Command): Command {
  command
    .requiredOption(
      '--encoder <name>',
      'folder of the encoder to begin with, or the name of one that was added',
    )
    .requiredOption('--out <dir>', 'folder for the result; an unfinished run in it goes on')
    .option('--resume', 'fail where --out holds no unfinished run')
    .option('--seed <n>', 'equal seeds give equal weights on a CPU', wholeNumber(0), 1);
  addComputeOptions(command);
  return addLearningOptions(command).option('--json', 'print every event as a line of JSON');
}

/** Gigabytes in bytes. */
const gigabytes = (value: string): number => positive(value) * 2 ** 30;

/** Where and how a run is computed. */
export function addComputeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--device <device>', 'where to compute; auto trains on the CPU, a GPU trains by webgpu')
        .choices(['auto', 'cpu', 'webgpu'])
        .default('auto'),
    )
    .addOption(
      new Option('--plan <plan>', 'fastest, or least memory (default: what fits)').choices([
        'whole-graph',
        'layer-by-layer',
      ]),
    )
    .addOption(
      new Option(
        '--memory <GB>',
        'memory to choose the plan by (default: what is free; on a GPU, whose memory nobody tells, 8 GB at most)',
      )
        .argParser(gigabytes)
        .conflicts('plan'),
    )
    .option('--threads <n>', 'threads on the CPU', wholeNumber(1));
}

/** What every run of gradient descent may be told. */
export function addLearningOptions(command: Command): Command {
  const count = wholeNumber(1);
  return command
    .option(
      '--settings <file>',
      'JSON with any of the parameters that a run’s training/run.json lists; the options here count before it',
    )
    .option('--epochs <n>', 'times that every note is read', count)
    .option('--lr <rate>', 'highest learning rate', fraction)
    .option('--batch <n>', 'notes a batch', count)
    .addOption(
      new Option('--batch-tokens <n>', 'tokens a batch, padding included')
        .argParser(count)
        .conflicts('batch'),
    )
    .option('--accumulate <n>', 'batches a step', count)
    .option('--max-length <n>', 'tokens that longer notes are cut into', wholeNumber(SHORTEST));
}

/** What fine-tuning may be told besides. */
export function addFineTuningOptions(command: Command): Command {
  return command
    .option('--labels <labels...>', 'labels to learn (default: all of the training notes)')
    .option('--patience <n>', 'epochs without gain on validation after which training ends', wholeNumber(1))
    .option('--pad-to <n>', 'pad every batch to so many tokens, only to reproduce others', wholeNumber(1));
}

/** @throws Error where the encoder's name is no folder's and nobody's that was added */
export async function commonJob({ lr, ...options }: Omit<CommonOptions, 'settings'>): Promise<Job> {
  const encoder = await encoderFolderOf(options.encoder);
  return { ...options, encoder, learningRate: lr };
}

/** What `--settings` names. @throws Error naming the file, the parameter and what is wrong with it */
export async function settingsGiven<T>(
  file: string | undefined,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  return file === undefined ? undefined : await readSettings(file, schema);
}
