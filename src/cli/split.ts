import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { splitNotes } from '../core/split/notes';
import type { SplitMethod } from '../core/split/split';
import { splitMethods, splitParts } from '../core/split/split';
import type { SplitFile } from '../core/split/splitFile';
import { checkSplit, parseSplitFile, partNames, splitFileOf } from '../core/split/splitFile';
import type { SplitReport } from '../core/split/splitReport';
import { reportSplit } from '../core/split/splitReport';
import { sha256 } from '../node/sha256';
import { writeWholeFile } from '../node/wholeFile';
import { wholeNumber } from './numbers';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import { printProblems } from './problems';
import { renderSplitReport } from './splitTable';

interface SplitCommandOptions extends CorpusOptions {
  readonly method: SplitMethod;
  readonly ratio: readonly number[];
  readonly folds?: number;
  readonly seed: number;
  readonly minNotes: number;
  readonly out?: string;
  readonly check?: string;
  readonly json?: boolean;
}

/** `anamnese split`: a corpus into parts, as a file that can be shared without the notes. */
export function addSplit(program: Command): void {
  const command = program
    .command('split')
    .description('split a corpus into parts, and show how its labels are distributed among them')
    .argument('<corpus>', 'a corpus file or folder, in any format that convert reads')
    .addOption(
      new Option(
        '--method <method>',
        'random; iterative stratification by labels (is) or pairs of labels (sois); as the study ran them (study-…)',
      )
        .choices([...splitMethods])
        .default('is'),
    )
    .option(
      '--ratio <ratio>',
      'relative sizes: train/test, or train/validation/test',
      parseRatio,
      [60, 20, 20],
    )
    .addOption(new Option('--folds <k>', 'equal folds instead').argParser(wholeNumber(2)).conflicts('ratio'))
    .option('--seed <n>', 'equal seeds give equal splits', wholeNumber(0), 1)
    .option('--min-notes <n>', 'leave labels in fewer notes out of stratification', wholeNumber(0), 10)
    .option('--out <file>', 'write the split: method, seed, ratio and hashes of the notes')
    .addOption(
      new Option('--check <file>', 'check that a split holds for the corpus instead').conflicts([
        'method',
        'ratio',
        'folds',
        'seed',
        'minNotes',
        'out',
      ]),
    );
  withCorpusOptions(command)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  anamnese split corpus/ --method is --seed 1 --out split.json')
    .action(split);
}

async function split(given: string, options: SplitCommandOptions): Promise<void> {
  const { documents, problems } = await readGivenCorpus(given, options);
  printProblems(problems);
  const notes = splitNotes(documents, sha256);
  if (notes.length === 0) throw new Error(`${given}: holds no notes`);
  const file = options.check === undefined ? make(notes, options) : await readSplit(options.check);
  const report = reportSplit(file, notes);
  process.stdout.write(options.json ? toJson(file, report) : renderSplitReport(file, report));
  if (options.check !== undefined) printProblems(checkSplit(file, notes, options.check));
  if (options.out !== undefined) await writeWholeFile(options.out, JSON.stringify(file, null, 1) + '\n');
}

/** How the split was made, and what the table shows. */
function toJson({ method, seed, ratio, minNotes }: SplitFile, report: SplitReport): string {
  return `${JSON.stringify({ method, seed, ratio, minNotes, ...report }, null, 2)}\n`;
}

function make(notes: ReturnType<typeof splitNotes>, options: SplitCommandOptions) {
  const { method, seed, minNotes, folds } = options;
  const ratio = folds === undefined ? options.ratio : new Array<number>(folds).fill(1);
  const made = { method, seed, minNotes, ratio };
  return splitFileOf(notes, splitParts(notes, made), made, partNames(ratio.length, folds !== undefined));
}

async function readSplit(file: string): Promise<SplitFile> {
  return parseSplitFile(await readFile(file, 'utf8'), file);
}

function parseRatio(value: string): number[] {
  const ratio = value.split(/[/:,]/).map(Number);
  if (ratio.length < 2 || !ratio.every((part) => part > 0 && Number.isFinite(part)))
    throw new InvalidArgumentError('two or more positive numbers are needed, such as 60/20/20.');
  return ratio;
}
