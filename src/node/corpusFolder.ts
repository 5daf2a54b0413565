import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusFile, TextFile } from '../core/corpus/corpusFile';
import { decodeFile } from '../core/corpus/corpusFile';
import type { Problem, ReadResult } from '../core/corpus/document';
import type { FormatName } from '../core/corpus/formats';
import { mayBeCorpusFile } from '../core/corpus/detectFormat';
import { withGroups } from '../core/corpus/groups';
import { aside, LEFT_OUT, readCorpus } from '../core/corpus/readCorpus';
import { readRegularFile } from './regularFile';

export interface CorpusFolderOptions {
  /** One format for every file; by default each file's own is told by its name and content. */
  readonly format?: FormatName | undefined;
  /** A folder of notes that predictions speak of, beside what the corpus folder holds. */
  readonly notes?: string | undefined;
  /** A table of the notes' groups, see `withGroups`. */
  readonly groups?: string | undefined;
}

/** Files open at once: enough to keep the disk busy, far fewer than a process may hold. */
const OPEN_FILES = 64;

/** The files of a corpus as they lie on the disk, and what there is to say of them before any is read. */
export interface GatheredCorpus {
  readonly files: readonly CorpusFile[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a corpus: a file, or every file below a folder in order of name. A file alone brings those that stand beside
 * it, so that an `.ann` finds its note. What cannot be read is a problem.
 * @throws Error that names the path when nothing is there.
 */
export async function readCorpusFolder(
  given: string,
  options: CorpusFolderOptions = {},
): Promise<ReadResult> {
  const { files, problems } = await gatherCorpus(given);
  const unread: Problem[] = [];
  const notes = await notesBelow(options.notes, unread);
  const read = readGathered({ files, problems: [...problems, ...unread] }, options.format, notes);
  return options.groups === undefined ? read : withGroups(read, await readTable(options.groups));
}

/** What `readCorpusFolder` reads. @throws Error that names the path when nothing is there */
export async function gatherCorpus(given: string): Promise<GatheredCorpus> {
  const found = await stat(given).catch(() => undefined);
  if (!found) throw new Error(`${given}: no such file or folder`);
  const names = found.isDirectory() ? await filesBelow(given) : await fileAndCompanion(given);
  const folder = found.isDirectory() ? given : path.dirname(given);
  const asked = !found.isDirectory();
  const others = names.filter((name) => !mayBeCorpusFile(name) && (asked || !aside.test(name)));
  const problems = others.map((file): Problem => ({
    file,
    severity: asked ? 'error' : 'warning',
    message: LEFT_OUT,
  }));
  const files = await readAll(folder, names.filter(mayBeCorpusFile), problems);
  return { files, problems };
}

/** Reads files that were gathered, wherever they lie now. */
export function readGathered(
  { files, problems }: GatheredCorpus,
  format?: FormatName,
  notes?: readonly CorpusFile[],
): ReadResult {
  const { documents, problems: found } = readCorpus(files, { format, notes });
  return { documents, problems: [...problems, ...found] };
}

async function readTable(file: string): Promise<TextFile> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  const decoded = decodeFile({ name: file, bytes: new Uint8Array(bytes) });
  if (!decoded.file) throw new Error(`${file}: not a text file`);
  return decoded.file;
}

async function notesBelow(folder: string | undefined, problems: Problem[]): Promise<CorpusFile[]> {
  if (folder === undefined) return [];
  const names = (await filesBelow(folder)).filter((name) => /\.txt$/i.test(name));
  return readAll(folder, names, problems);
}

/** Names of what may be a corpus's files, below its folder or the file alone; none where nothing is there. */
export async function corpusFileNames(given: string): Promise<string[]> {
  const found = await stat(given).catch(() => undefined);
  if (!found) return [];
  return found.isDirectory() ? (await filesBelow(given)).filter(mayBeCorpusFile) : [path.basename(given)];
}

/** Folders below a corpus that hold no notes: packages, the plans of experiments, encoders. */
const foreign = /(^|\/)(node_modules\/|(plan\.json|model\.safetensors|pytorch_model\.bin)$)/;

/** Names below a folder, with `/`; hidden files and folders are left out, and what lies in folders that hold no notes. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !/(^|\/)\./.test(name))
    .sort();
  const others = names.filter((name) => foreign.test(name)).map((name) => name.replace(/[^/]+$/, ''));
  const left = [...new Set(others)].filter((other) => other !== '');
  return left.length === 0 ? names : names.filter((name) => !left.some((other) => name.startsWith(other)));
}

async function fileAndCompanion(file: string): Promise<string[]> {
  const name = path.basename(file);
  if (!/\.ann$/i.test(name)) return [name];
  const beside = await readdir(path.dirname(file));
  const note = name.replace(/\.ann$/i, '.txt').toLowerCase();
  return [name, ...beside.filter((other) => other.toLowerCase() === note || other === 'visual.conf')];
}

async function readAll(folder: string, names: readonly string[], problems: Problem[]): Promise<CorpusFile[]> {
  const files: CorpusFile[] = [];
  for (let i = 0; i < names.length; i += OPEN_FILES) {
    const read = names.slice(i, i + OPEN_FILES).map(async (name) => {
      const bytes = await readRegularFile(path.join(folder, name)).catch(({ message }: Error) => {
        problems.push({ file: name, severity: 'error', message });
      });
      return bytes ? [{ name, bytes: new Uint8Array(bytes) }] : [];
    });
    files.push(...(await Promise.all(read)).flat());
  }
  return files;
}
