import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { READABLE } from '../../core/corpus/formats';
import type { FormatName } from '../../core/corpus/formats';
import type { EvaluationRun, PlanFile, TrainingRun } from '../../core/experiments/plan';
import type { Preset } from '../../core/train/settings/hyperParameters';
import { presets } from '../../core/train/settings/hyperParameters';
import { fineTuneSettings } from '../../core/train/settings/settings';
import type { Strategy } from '../../core/train/balance/strategy';
import { strategies } from '../../core/train/balance/strategy';
import { encoderFolderOf } from '../../node/library/named';
import type { PlanRequest } from '../../node/experiments/createPlan';
import { PADDINGS } from '../../node/evaluation/modelViews';
import { wholeNumber } from '../numbers';
import type { CommonOptions } from '../training/options';
import type { SlurmOptions } from '../slurm/slurmOptions';
import { addSlurmOptions } from '../slurm/slurmOptions';
import type { LanguageModelOptions } from './languageModelOptions';
import { addLanguageModelOptions, languageModelsOf } from './languageModelOptions';
import {
  addComputeOptions,
  addFineTuningOptions,
  addLearningOptions,
  settingsGiven,
} from '../training/options';

/** What `compare` is told about a plan, as commander names it. */
export interface PlanOptions
  extends
    SlurmOptions,
    Pick<CommonOptions, 'device' | 'plan' | 'memory' | 'threads' | 'epochs' | 'lr' | 'batch'>,
    Pick<CommonOptions, 'batchTokens' | 'accumulate' | 'maxLength' | 'settings' | 'json'>,
    LanguageModelOptions {
  readonly encoder?: string[];
  readonly evaluated?: string[];
  readonly llm?: string[];
  readonly notes: EvaluationRun['notes'];
  readonly out?: string;
  readonly from?: FormatName;
  readonly strategies: readonly Strategy[];
  readonly schemes: readonly TrainingRun['scheme'][];
  readonly seeds: number;
  readonly preset?: Preset;
  readonly labels?: string[];
  readonly patience?: number;
  readonly padTo?: number;
  readonly padding?: 'zero' | 'computed';
  readonly keep?: PlanFile['keepModels'];
  readonly only?: string[];
  readonly part?: Share;
  readonly status?: boolean;
  readonly planOnly?: boolean;
  readonly report?: boolean;
  readonly lockPatience?: number;
  readonly rounds?: number;
  readonly seed?: number;
}

/** A share of a plan's runs, both from 1. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/** The flags of which runs there are and how they train: a plan keeps them. */
export const ofPlans: readonly string[] = (
  '--encoder --evaluated --llm --notes --from --strategies --schemes --seeds --padding --keep ' +
  '--preset --settings --labels --epochs --lr --batch --batch-tokens --accumulate --max-length --patience --pad-to ' +
  '--api --endpoint --shots --template --grounding'
).split(' ');

export function addPlanOptions(command: Command): Command {
  addSystemOptions(command.optionsGroup('A plan:'));
  addCarryingOut(command);
  addSlurmOptions(command, ['baseline', 'part', 'status', 'planOnly', 'json']);
  addLanguageModelOptions(command.optionsGroup('Language models:'));
  command
    .optionsGroup('How its runs train:')
    .addOption(
      new Option('--preset <preset>', 'what works best, or the study’s values (default: default)').choices([
        ...presets,
      ]),
    );
  addFineTuningOptions(command);
  addComputeOptions(command);
  return addLearningOptions(command);
}

/** Which runs a plan has, and what is kept of them. */
function addSystemOptions(command: Command): void {
  command
    .option('--encoder <names>', 'folders or names of encoders to fine-tune, with commas between them', list)
    .option('--evaluated <names>', 'folders or names of encoders fine-tuned before, only scored', list)
    .addOption(
      new Option(
        '--notes <which>',
        'what those are scored on: the seeds’ test parts, their own, or all notes',
      )
        .choices(['test', 'own', 'all'])
        .default('test'),
    )
    .option(
      '--out <dir>',
      'folder of the plan and its results; what is left in it goes on, with the notes as they were: it keeps them',
    )
    .addOption(
      new Option('--from <format>', 'format of the corpus (default: told by the files)').choices(READABLE),
    )
    .addOption(listOption('--strategies <list>', strategies, strategies))
    .addOption(listOption('--schemes <list>', ['IO', 'BIO'], ['IO']))
    .option(
      '--seeds <n>',
      'runs of every system, with the seeds 1 to n: each draws its split',
      wholeNumber(1),
      3,
    )
    .addOption(
      new Option(
        '--padding <how>',
        'paper protocol: padding scored as zero, or as the encoder computes it (default: zero)',
      ).choices([...PADDINGS]),
    )
    .addOption(
      new Option('--keep <which>', 'whose weights stay; best: on validation (default: best)').choices([
        'none',
        'best',
        'all',
      ]),
    );
}

function listOption(flags: string, known: readonly string[], all: readonly string[]): Option {
  const option = new Option(flags, `of ${known.join(', ')}, with commas between them`);
  return option
    .argParser(oneOf(known))
    .default([...all], all.length === known.length ? 'all' : all.join(','));
}

/** What of a plan is to be done here and now. */
function addCarryingOut(command: Command): void {
  command
    .addOption(
      new Option('--part <i/n>', 'carry out the i-th of n shares of the plan')
        .argParser(share)
        .conflicts('only'),
    )
    .option('--status', 'only say what is finished and what is left')
    .option('--plan-only', 'only write the plan')
    .option('--no-report', 'write no report at the end')
    .addOption(
      new Option('--lock-patience <s>', 'seconds to wait for runs that another process is at')
        .argParser(wholeNumber(0))
        .hideHelp(),
    );
}

/** @throws Error where neither an encoder nor a language model is named, one by a name that nobody has, or an option is wrong */
export async function requestOf(corpus: string, options: PlanOptions): Promise<PlanRequest> {
  const { notes, from, strategies: chosen, schemes, padding, keep } = options;
  const encoder = await foldersOf(options.encoder);
  const evaluated = await foldersOf(options.evaluated);
  const models = await languageModelsOf(options);
  if (encoder.length + evaluated.length + models.length === 0)
    throw new Error('--encoder, --evaluated or --llm is needed');
  const seeds = Array.from({ length: options.seeds }, (_, i) => i + 1);
  return {
    corpus,
    from,
    encoders: encoder,
    strategies: chosen,
    schemes,
    seeds,
    evaluations: evaluated.map((one) => ({ encoder: one, notes, seeds })),
    languageModels: { models, seeds },
    training: await trainingOf(options),
    padding,
    keepModels: keep,
  };
}

function foldersOf(names: readonly string[] = []): Promise<string[]> {
  return Promise.all(names.map((name) => encoderFolderOf(name)));
}

/** Undefined where nothing was said, so that a plan that is there keeps its own. */
async function trainingOf(options: PlanOptions): Promise<PlanRequest['training']> {
  const { preset, labels, epochs, lr, batch, batchTokens, accumulate, maxLength, patience, padTo } = options;
  const learningRate = lr;
  const said = {
    preset,
    settings: await settingsGiven(options.settings, fineTuneSettings),
    labels,
    epochs,
    learningRate,
    batch,
    batchTokens,
    accumulate,
    maxLength,
    patience,
    padTo,
  };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return Object.keys(given).length === 0 ? undefined : given;
}

function list(value: string, before: string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('names with commas between them are needed.');
  return [...before, ...names];
}

function oneOf<Name extends string>(known: readonly Name[]) {
  return (value: string): Name[] =>
    list(value).map((name) => {
      const found = known.find((one) => one.toLowerCase() === name.toLowerCase());
      if (!found) throw new InvalidArgumentError(`${name} is none of ${known.join(', ')}.`);
      return found;
    });
}

function share(value: string): Share {
  const [part, of] = value.split('/').map(Number) as [number, number | undefined];
  if (of === undefined || !Number.isInteger(part) || !Number.isInteger(of) || part < 1 || part > of)
    throw new InvalidArgumentError('a share such as 2/4 is needed.');
  return { part, of };
}
