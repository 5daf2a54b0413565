import { decodeBytes } from '../text/decodeBytes';
import type { Problem } from './document';

/** A file as it lies on disk; `name` is its path below the corpus folder, with `/` between folders. */
export interface CorpusFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file whose bytes are read as text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Finds other files of the corpus: a note beside its annotations, settings in a folder above. */
export interface Companions {
  /** The file of exactly this name. */
  file(name: string): TextFile | undefined;
  /** The note that a prediction's `file` means, wherever the prediction was made: by its longest matching end. */
  note(name: string): TextFile | undefined;
}

/** Reads a file's bytes as text; a file that is none, or not UTF-8, is a problem. */
export function decodeFile(file: CorpusFile): { file?: TextFile; problems: Problem[] } {
  const decoded = decodeBytes(file.bytes);
  if (!decoded)
    return { problems: [{ file: file.name, severity: 'error', message: 'not a text file: left out' }] };
  const problems: Problem[] = [];
  if (decoded.encoding === 'windows-1252') {
    const message = 'not UTF-8: read as Windows-1252 (Latin-1)';
    problems.push({ file: file.name, severity: 'warning', message });
  }
  return { file: { name: file.name, text: decoded.text }, problems };
}

/** A container's text without the byte-order mark that is no part of any note in it. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** A file's name without folders and without its last ending. */
export function stem(name: string): string {
  return name.replace(/\.[^./]*$/, '');
}

/** Gathers what a reader wants to say about one file. */
export class ProblemList {
  readonly all: Problem[] = [];
  constructor(private readonly file: string) {}

  error(message: string, line?: number): void {
    this.add('error', message, line);
  }

  warn(message: string, line?: number): void {
    this.add('warning', message, line);
  }

  inform(message: string): void {
    this.add('information', message, undefined);
  }

  private add(severity: Problem['severity'], message: string, line: number | undefined): void {
    this.all.push({ file: this.file, ...(line === undefined ? {} : { line }), severity, message });
  }
}
