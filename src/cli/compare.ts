import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { COMPARED_METRICS } from '../core/evaluate/comparison';
import type { TestOptions } from './comparison/testSystems';
import { testSystems } from './comparison/testSystems';
import { toCount } from './evaluate';
import { comparePlan } from './experiments/comparePlan';
import type { PlanOptions } from './experiments/planOptions';
import { addPlanOptions } from './experiments/planOptions';

type CompareOptions = PlanOptions & Partial<TestOptions>;

/** `anamnese compare`: strategies, schemes and encoders trained and compared, or systems that `evaluate` has scored. */
export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description(
      'train and compare encoders, schemes and strategies as a plan; or test systems that evaluate scored',
    )
    .argument('[corpus]', 'a corpus file or folder; or the folder of a plan, to go on with it');
  addPlanOptions(command);
  addTestOptions(command.optionsGroup('Systems that evaluate has scored:'))
    .optionsGroup('Either:')
    .option(
      '--only <texts...>',
      'only these runs of the plan; with --baseline, only tables whose name holds one of these, such as "text, words"',
    )
    .option('--rounds <n>', 'rounds of randomisation and bootstrap', toCount, 10000)
    .option('--seed <n>', 'seed of both', toCount, 1)
    .option('--json', 'print JSON: the comparison, or every event of a plan as a line')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  anamnese compare corpus/ --encoder e5-small/,bertimbau/ --seeds 3 --out plan/\n' +
        '  anamnese compare plan/ --part 2/4     on the second of four machines; then copy plan/runs together\n' +
        '  anamnese compare plan/ --status\n' +
        '  anamnese compare --baseline scores/gpt --system scores/ours\n' +
        '  anamnese compare --baseline scores/bert --systems scores/mmbert scores/gpt --only "text, words"',
    )
    .action((corpus: string | undefined, options: CompareOptions) =>
      compare(corpus, options, flagsSaid(command)),
    );
}

/** Of systems that evaluate has scored. */
function addTestOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--baseline <dirs...>',
        'test systems that evaluate scored: folders it wrote for the baseline, one a run, or a folder of such folders',
      ).conflicts(['encoder', 'out', 'status', 'part', 'planOnly']),
    )
    .addOption(
      new Option('--system <dirs...>', 'the same of one other system; runs in the same order').conflicts(
        'systems',
      ),
    )
    .option('--systems <dirs...>', 'several systems, a folder each: of one run, or of such folders')
    .addOption(
      new Option('--metrics <names...>', 'what is compared with --baseline')
        .choices(COMPARED_METRICS)
        .default(['micro F1', 'macro F1']),
    )
    .option(
      '--test-to-train <r>',
      'with --baseline, for runs on several splits: size of the test part over that of the training part',
      toRatio,
      1 / 3,
    );
}

/** Options that the command line names, without those that have a default. */
function flagsSaid(command: Command): string[] {
  return command.options.flatMap((option) =>
    command.getOptionValueSource(option.attributeName()) === 'cli' ? [option.long!] : [],
  );
}

async function compare(
  corpus: string | undefined,
  options: CompareOptions,
  said: readonly string[],
): Promise<void> {
  if (options.baseline === undefined) return await comparePlan(corpus, options, said);
  if (corpus !== undefined)
    throw new Error(`${corpus}: --baseline compares what evaluate wrote, not a corpus`);
  await testSystems(options as TestOptions);
}

function toRatio(value: string): number {
  const ratio = Number(value);
  if (!(ratio > 0 && Number.isFinite(ratio))) throw new InvalidArgumentError('a positive number is needed.');
  return ratio;
}
