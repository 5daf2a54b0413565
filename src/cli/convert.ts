import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { FormatName } from '../core/corpus/formats';
import { READABLE, WRITABLE } from '../core/corpus/formats';
import { writeCorpus } from '../core/corpus/writeCorpus';
import { readCorpusFolder } from '../node/corpusFolder';
import { makeFolder, writeWholeFile } from '../node/wholeFile';
import { printProblems } from './problems';

interface ConvertOptions {
  readonly to: FormatName;
  readonly from?: FormatName;
  readonly out: string;
  readonly notes?: string;
}

/** `anamnese convert`: a corpus from one format to another. */
export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('write a corpus in another format')
    .argument('<corpus>', 'a corpus file or folder')
    .addOption(new Option('--to <format>', 'format to write').choices(WRITABLE).makeOptionMandatory())
    .addOption(new Option('--from <format>', 'format to read (default: told by the files)').choices(READABLE))
    .requiredOption('--out <dir>', 'folder to write into')
    .option('--notes <dir>', 'folder of the notes that predictions speak of')
    .addHelpText('after', '\nExample:\n  anamnese convert notes.jsonl --to brat --out notes-brat')
    .action(convert);
}

async function convert(corpus: string, { to, from, out, notes }: ConvertOptions): Promise<void> {
  const read = await readCorpusFolder(corpus, { format: from, notes });
  const written = writeCorpus(read.documents, to);
  for (const { name, text } of written.files) {
    const target = path.join(out, name);
    await makeFolder(path.dirname(target));
    await writeWholeFile(target, text);
  }
  printProblems([...read.problems, ...written.problems]);
  const count = `${read.documents.length} ${read.documents.length === 1 ? 'note' : 'notes'}`;
  const spans = read.documents.reduce((sum, { annotations }) => sum + annotations.length, 0);
  console.error(`anamnese: ${count} with ${spans} annotations written to ${out} as ${to}`);
  if (read.documents.length === 0) process.exitCode = 1;
}
