import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { ComparedMetric, Comparison, SystemRuns } from '../core/evaluate/comparison';
import { COMPARED_METRICS, compareSystems } from '../core/evaluate/comparison';
import type { Spread } from '../core/evaluate/repeatedRuns';
import { seededRng } from '../core/random';
import { toCount } from './evaluate';
import type { ScoredSystem } from './evaluation/systems';
import { readSystem } from './evaluation/systems';
import { aligned } from './table';

interface CompareOptions {
  readonly baseline: string[];
  readonly system?: string[];
  readonly systems?: string[];
  readonly metrics: ComparedMetric[];
  readonly only?: string[];
  readonly testToTrain: number;
  readonly rounds: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** `anamnese compare`: whether systems differ from a baseline by more than chance. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('test how systems that evaluate has scored differ from a baseline')
    .requiredOption(
      '--baseline <dirs...>',
      'folders that evaluate wrote, one a run, or a folder of such folders',
    )
    .addOption(
      new Option('--system <dirs...>', 'the same of one other system; runs in the same order').conflicts(
        'systems',
      ),
    )
    .option('--systems <dirs...>', 'several systems, a folder each: of one run, or of such folders')
    .addOption(
      new Option('--metrics <names...>', 'what is compared')
        .choices(COMPARED_METRICS)
        .default(['micro F1', 'macro F1']),
    )
    .option('--only <texts...>', 'only tables whose name holds one of these, such as "text, words"')
    .option(
      '--test-to-train <r>',
      'for runs on several splits: size of the test part over that of the training part',
      toRatio,
      1 / 3,
    )
    .option('--rounds <n>', 'rounds of randomisation and bootstrap', toCount, 10000)
    .option('--seed <n>', 'seed of both', toCount, 1)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  anamnese compare --baseline scores/gpt --system scores/ours\n' +
        '  anamnese compare --baseline scores/bert --systems scores/mmbert scores/gpt --only "text, words"',
    )
    .action(compare);
}

async function compare(options: CompareOptions): Promise<void> {
  const { rounds, seed, metrics, only, testToTrain } = options;
  if (!options.system && !options.systems) throw new Error('--system or --systems is needed');
  const baseline = await readSystem(options.baseline);
  const systems = await Promise.all(
    options.systems ? options.systems.map((folder) => readSystem([folder])) : [readSystem(options.system!)],
  );
  const runs = [baseline, ...systems].flatMap((system) => system.runs);
  const groups = new Map(runs.flatMap((run) => [...run.groups]));
  const compared = compareSystems(tablesOf(baseline), systems.map(tablesOf), {
    metrics,
    wanted: (table) => !only || only.some((text) => table.includes(text)),
    groupOf: (note) => groups.get(note) ?? note,
    testToTrain,
    rounds,
    rng: seededRng(seed),
  });
  if (compared.length === 0) throw new Error('nothing to compare: the systems have no such table in common');
  process.stdout.write(
    options.json ? JSON.stringify(compared, null, 2) + '\n' : toText(baseline.name, compared),
  );
}

function tablesOf({ name, runs }: ScoredSystem): SystemRuns {
  return { name, runs: runs.map(({ tables }) => tables) };
}

function toText(baseline: string, compared: readonly Comparison[]): string {
  const systems = [...new Set(compared.map(({ system }) => system))];
  const blocks = systems.map((system) => {
    const own = compared.filter((one) => one.system === system);
    const header = ['', baseline, system, 'difference [95 %]', 'p', 'Holm'];
    const rows = own.map(({ name, baselineRuns, systemRuns, difference, p, adjustedP }) => [
      name,
      figure(baselineRuns),
      figure(systemRuns),
      `${signed(difference.value)} [${signed(difference.low)}, ${signed(difference.high)}]`,
      p.toFixed(4),
      adjustedP.toFixed(4),
    ]);
    const tests = [...new Set(own.map(({ test }) => test))];
    return [...aligned([header, ...rows]), `p by ${tests.join('; ')}`].join('\n') + '\n';
  });
  const family = `Holm's correction is over ${compared.length === 1 ? 'this one comparison' : `all ${compared.length} comparisons`}.`;
  return blocks.join('\n') + family + '\n';
}

function figure({ runs, mean, deviation }: Spread): string {
  return runs === 1 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation!.toFixed(4)} (${runs})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

function toRatio(value: string): number {
  const ratio = Number(value);
  if (!(ratio > 0 && Number.isFinite(ratio))) throw new InvalidArgumentError('a positive number is needed.');
  return ratio;
}
