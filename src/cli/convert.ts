import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { FormatName } from '../core/corpus/formats';
import { WRITABLE } from '../core/corpus/formats';
import { writeCorpus } from '../core/corpus/writeCorpus';
import type { WrittenFile } from '../core/corpus/written';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import { makeFolder, writeWholeFile } from '../node/wholeFile';
import { printProblems } from './problems';
import { countOf } from './table';

interface ConvertOptions extends CorpusOptions {
  readonly to: FormatName;
  readonly out: string;
}

/** `anamnese convert`: a corpus from one format to another. */
export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .description('write a corpus in another format')
    .argument('<corpus>', 'a corpus file or folder')
    .addOption(new Option('--to <format>', 'format to write').choices(WRITABLE).makeOptionMandatory())
    .requiredOption('--out <dir>', 'folder to write into');
  withCorpusOptions(command)
    .addHelpText('after', '\nExample:\n  anamnese convert notes.jsonl --to brat --out notes-brat')
    .action(convert);
}

async function convert(corpus: string, { to, out, ...options }: ConvertOptions): Promise<void> {
  const read = await readGivenCorpus(corpus, options);
  const written = writeCorpus(read.documents, to);
  await writeAll(out, written.files);
  printProblems([...read.problems, ...written.problems]);
  const spans = read.documents.reduce((sum, { annotations }) => sum + annotations.length, 0);
  console.error(
    `anamnese: ${countOf(read.documents.length, 'note')} with ${countOf(spans, 'annotation')} written to ${out} as ${to}`,
  );
  if (read.documents.length === 0) process.exitCode = 1;
}

/** Files written at once: enough to keep the disk busy. */
const OPEN_FILES = 32;

/** Each file appears whole or not at all. */
async function writeAll(folder: string, files: readonly WrittenFile[]): Promise<void> {
  const folders = new Set(files.map(({ name }) => path.dirname(path.join(folder, name))));
  for (const one of [folder, ...folders]) await makeFolder(one);
  for (let i = 0; i < files.length; i += OPEN_FILES) {
    const batch = files.slice(i, i + OPEN_FILES);
    await Promise.all(batch.map(({ name, text }) => writeWholeFile(path.join(folder, name), text)));
  }
}
