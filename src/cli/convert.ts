import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import type { FormatName } from '../core/corpus/formats';
import { WRITABLE } from '../core/corpus/formats';
import { writeCorpus } from '../core/corpus/writeCorpus';
import type { CorpusOptions } from './corpusOptions';
import { readGivenCorpus, withCorpusOptions } from './corpusOptions';
import { printProblems } from './problems';

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
  for (const { name, text } of written.files) {
    const target = path.join(out, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFileAtomic(target, text);
  }
  printProblems([...read.problems, ...written.problems]);
  const count = `${read.documents.length} ${read.documents.length === 1 ? 'note' : 'notes'}`;
  const spans = read.documents.reduce((sum, { annotations }) => sum + annotations.length, 0);
  console.error(`anamnese: ${count} with ${spans} annotations written to ${out} as ${to}`);
  if (read.documents.length === 0) process.exitCode = 1;
}
