import type { Command } from 'commander';
import { Option } from 'commander';
import type { FormatName } from '../core/corpus/formats';
import { READABLE } from '../core/corpus/formats';
import type { Scheme } from '../core/labels/tokenTargets';
import type { Preset } from '../core/train/settings/hyperParameters';
import { presets } from '../core/train/settings/hyperParameters';
import { fineTuneSettings } from '../core/train/settings/settings';
import type { Strategy } from '../core/train/balance/strategy';
import { strategies } from '../core/train/balance/strategy';
import type { CommonOptions } from './training/options';
import { addCommonOptions, addFineTuningOptions, commonJob, settingsGiven } from './training/options';
import { runJob } from './training/runJob';

interface TrainOptions extends CommonOptions {
  readonly split?: string;
  readonly preset: Preset;
  readonly strategy: Strategy;
  readonly scheme: Scheme;
  readonly labels?: string[];
  readonly patience?: number;
  readonly padTo?: number;
  readonly from?: FormatName;
}

/** `anamnese train`: an encoder and annotated notes in, a model that marks entities out. */
export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('fine-tune an encoder on annotated notes')
    .argument('<corpus>', 'a corpus file or folder, in any format that convert reads')
    .addOption(new Option('--from <format>', 'format to read (default: told by the files)').choices(READABLE))
    .option('--split <file>', 'a split with the part train (default: 60/20/20, made with the seed)')
    .addOption(
      new Option('--preset <preset>', 'what works best, or the study’s values')
        .choices([...presets])
        .default('default'),
    )
    .addOption(
      new Option('--strategy <strategy>', 'against imbalance; random and is: only how notes are split')
        .choices([...strategies])
        .default('is'),
    )
    .addOption(
      new Option('--scheme <scheme>', 'what a token is marked with').choices(['IO', 'BIO']).default('IO'),
    );
  addFineTuningOptions(command);
  addCommonOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  anamnese train corpus/ --encoder bertimbau/ --split split.json --out model/',
    )
    .action(train);
}

async function train(corpus: string, { settings: file, ...options }: TrainOptions): Promise<void> {
  const { split, preset, strategy, scheme, labels, patience, padTo, from, ...common } = options;
  const settings = await settingsGiven(file, fineTuneSettings);
  const own = { corpus, settings, split, preset, strategy, scheme, labels, patience, padTo, from };
  await runJob({ task: 'train', ...(await commonJob(common)), ...own }, options.json === true);
}
