import type { Command } from 'commander';
import { Option } from 'commander';
import type { ReadResult } from '../core/corpus/document';
import type { FormatName } from '../core/corpus/formats';
import { READABLE } from '../core/corpus/formats';
import { readCorpusFolder } from '../node/corpusFolder';

/** How a command is told to read its corpus. */
export interface CorpusOptions {
  readonly from?: FormatName;
  readonly notes?: string;
  readonly groups?: string;
}

/** Adds the options that every command with a corpus has. */
export function withCorpusOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--from <format>', 'format of the corpus (default: told by the files)').choices(READABLE),
    )
    .option('--notes <dir>', 'folder of the notes, for files that only name them')
    .option(
      '--groups <file>',
      'table of two columns, note and group: notes of one patient, say, belong together',
    );
}

export function readGivenCorpus(given: string, { from, notes, groups }: CorpusOptions): Promise<ReadResult> {
  return readCorpusFolder(given, { format: from, notes, groups });
}
