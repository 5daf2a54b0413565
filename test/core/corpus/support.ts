import type { CorpusFile } from '../../../src/core/corpus/corpusFile';
import type { CorpusDocument, ReadResult } from '../../../src/core/corpus/document';
import type { FormatName } from '../../../src/core/corpus/formats';
import { readCorpus } from '../../../src/core/corpus/readCorpus';
import type { WriteResult } from '../../../src/core/corpus/written';

/** Files of the texts given by name, as UTF-8. */
export function files(contents: Readonly<Record<string, string>>): CorpusFile[] {
  return Object.entries(contents).map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
}

export function read(contents: Readonly<Record<string, string>>, format?: FormatName): ReadResult {
  return readCorpus(files(contents), { format });
}

export function readWritten({ files: written }: WriteResult): ReadResult {
  return read(Object.fromEntries(written.map(({ name, text }) => [name, text])));
}

/** Annotations drawn with their words: `Label: words` or `Label: words … words`. */
export function drawn({ text, annotations }: CorpusDocument): string[] {
  return annotations.map(
    ({ label, fragments }) =>
      `${label}: ${fragments.map(({ start, end }) => text.slice(start, end)).join(' … ')}`,
  );
}

/** Problems as `line severity message`. */
export function said({ problems }: ReadResult): string[] {
  return problems.map(({ line, severity, message }) => `${line ?? '-'} ${severity} ${message}`);
}
