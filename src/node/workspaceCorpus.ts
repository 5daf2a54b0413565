import { existsSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Companions, TextFile } from '../core/corpus/corpusFile';
import { decodeFile } from '../core/corpus/corpusFile';
import { detectFormat, mayBeCorpusFile } from '../core/corpus/detectFormat';
import type { CorpusDocument } from '../core/corpus/document';
import type { FormatName } from '../core/corpus/formats';
import { formatOf } from '../core/corpus/formats';
import { aside } from '../core/corpus/readCorpus';
import { noteIdentity } from '../core/correct/noteIdentity';
import { noteKey } from '../core/split/notes';
import { weightFiles } from './encoderFolder';
import { sha256 } from './sha256';

/** A note that a file of the workspace holds. */
export interface WorkspaceNote {
  readonly file: string;
  readonly format: FormatName;
  /** See `noteIdentity`. */
  readonly key: string;
  /** `noteKey` of the text as the file has it. */
  readonly textKey: string;
  readonly isAnnotated: boolean;
}

interface ReadFile {
  /** Tells whether the file, or the note beside it, has changed. */
  readonly stamp: string;
  readonly notes: readonly WorkspaceNote[];
}

/** Larger files are no corpus that a person corrects by hand. */
const LARGEST = 256 * 1024 * 1024;

/**
 * The notes in the files of a workspace, read once and again when they change. Only their identities are kept. What
 * cannot be read holds no notes: the diagnostics of a corpus say why.
 */
export class WorkspaceCorpus {
  private files: readonly string[] = [];
  private readonly read = new Map<string, ReadFile>();
  private scanning: Promise<void> | undefined;

  /** Names the files anew; what has changed is read when next asked for. */
  setFiles(files: readonly string[]): void {
    const encoders = encoderFolders(files);
    this.files = files.filter(
      (file) =>
        mayBeCorpusFile(slashed(file)) && !aside.test(slashed(file)) && !encoders.has(path.dirname(file)),
    );
    this.scanning = undefined;
  }

  /** Every note, in the order of the files. */
  async notes(): Promise<WorkspaceNote[]> {
    this.scanning ??= this.scan(this.files);
    await this.scanning;
    return this.files.flatMap((file) => this.read.get(file)?.notes ?? []);
  }

  private async scan(files: readonly string[]): Promise<void> {
    for (const file of files) {
      const stamp = await stampOf(file);
      if (this.read.get(file)?.stamp === stamp) continue;
      const found = stamp === '' ? undefined : await readNotes(file);
      const notes = (found?.documents ?? []).map(({ text, annotations }) => ({
        file,
        format: found!.format,
        key: noteIdentity(text, sha256),
        textKey: noteKey(text, sha256),
        isAnnotated: annotations.length > 0,
      }));
      this.read.set(file, { stamp, notes });
    }
  }
}

/** The folders among those of the files that hold an encoder: its vocab.txt is no note. */
function encoderFolders(files: readonly string[]): ReadonlySet<string> {
  const configured = files
    .filter((file) => path.basename(file) === 'config.json')
    .map((file) => path.dirname(file));
  const hasWeights = (folder: string): boolean =>
    weightFiles.some((name) => existsSync(path.join(folder, name)));
  return new Set(configured.filter(hasWeights));
}

/** The documents of one file, in its own format; undefined where it is no corpus file. */
export async function readNotes(
  file: string,
): Promise<{ format: FormatName; documents: readonly CorpusDocument[] } | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  const decoded = bytes && decodeFile({ name: slashed(file), bytes: new Uint8Array(bytes) }).file;
  const format = decoded && detectFormat(decoded);
  if (!decoded || !format || format === 'predictions') return undefined;
  return { format, documents: formatOf(format).read(decoded, beside).documents };
}

async function stampOf(file: string): Promise<string> {
  const own = await stampOfOne(file);
  if (own === '' || !/\.ann$/i.test(file)) return own;
  return `${own} ${await stampOfOne(file.replace(/\.ann$/i, '.txt'))}`;
}

async function stampOfOne(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() && found.size <= LARGEST ? `${found.mtimeMs}:${found.size}` : '';
}

/** The files beside a corpus file, as they are asked for. */
const beside: Companions = {
  file: (name): TextFile | undefined => {
    if (!path.isAbsolute(name)) return undefined;
    try {
      return decodeFile({ name, bytes: new Uint8Array(readFileSync(name)) }).file;
    } catch {
      return undefined;
    }
  },
  note: () => undefined,
};

function slashed(file: string): string {
  return file.split(path.sep).join('/');
}
