import type { Command } from 'commander';
import { pretrainSettings } from '../core/train/settings/settings';
import { fraction } from './numbers';
import type { CommonOptions } from './training/options';
import { addCommonOptions, commonJob, settingsGiven } from './training/options';
import { runJob } from './training/runJob';

interface PretrainOptions extends CommonOptions {
  readonly masked?: number;
  readonly wholeWords?: boolean;
}

/** `anamnese pretrain`: goes on with masked language modelling on notes that nobody has annotated. */
export function addPretrain(program: Command): void {
  const command = program
    .command('pretrain')
    .description('go on with an encoder’s masked language modelling on unlabelled notes, before train')
    .argument('<texts>', 'a folder of .txt files, or a corpus whose annotations are left aside')
    .option('--masked <share>', 'share of tokens to guess', fraction)
    .option('--whole-words', 'hide all pieces of a word together');
  addCommonOptions(command)
    .addHelpText('after', '\nExample:\n  anamnese pretrain notes/ --encoder mmbert/ --out mmbert-clinical/')
    .action(pretrain);
}

async function pretrain(texts: string, options: PretrainOptions): Promise<void> {
  const { masked, wholeWords, settings: file, ...common } = options;
  const own = { texts, settings: await settingsGiven(file, pretrainSettings), masked, wholeWords };
  await runJob({ task: 'pretrain', ...(await commonJob(common)), ...own }, options.json === true);
}
