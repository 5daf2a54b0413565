import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DecodedText } from '../core/text/decodeBytes';
import { decodeBytes } from '../core/text/decodeBytes';
import { NOT_A_FILE, readRegularFile } from './regularFile';

/** A note file: where it is, and its place below the folder it was found in (its own name where it was given itself). */
export interface NoteFile {
  readonly path: string;
  readonly relative: string;
}

/**
 * The note files behind a path: the file itself, or every `.txt` below a folder, sorted by name.
 * @throws Error that names the path when nothing is there, or neither a file nor a folder
 */
export async function findNotes(given: string): Promise<NoteFile[]> {
  const found = await stat(given).catch(() => undefined);
  if (!found) throw new Error(`${given}: no such file or folder`);
  if (found.isFile()) return [{ path: given, relative: path.basename(given) }];
  if (!found.isDirectory()) throw new Error(`${given}: ${NOT_A_FILE}`);
  const notes = await notesBelow(given, '', []);
  if (notes.length === 0) throw new Error(`${given}: no .txt file in this folder`);
  return notes.sort().map((name) => ({ path: path.join(given, name), relative: name }));
}

/** Of what is there only regular files are notes. Links to folders are followed, except to one that the walk is already in (`within`): it would have no end. */
async function notesBelow(root: string, folder: string, within: readonly string[]): Promise<string[]> {
  const at = path.join(root, folder);
  const real = await realpath(at);
  if (within.includes(real)) return [];
  const entries = await readdir(at).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${at}: cannot be read (${error.code ?? error.message})`);
  });
  const notes: string[] = [];
  for (const entry of entries) {
    const name = path.join(folder, entry);
    const found = await stat(path.join(root, name)).catch(() => undefined);
    if (found?.isDirectory()) notes.push(...(await notesBelow(root, name, [...within, real])));
    // A link to nothing is one of them: whoever reads it says so.
    else if (name.toLowerCase().endsWith('.txt') && found?.isFile() !== false) notes.push(name);
  }
  return notes;
}

/** @throws Error that names the file when it cannot be read or is no text. */
export async function readNote(file: string): Promise<DecodedText> {
  const bytes = await readRegularFile(file).catch(({ message }: Error) => {
    throw new Error(`${file}: ${message}`);
  });
  const decoded = decodeBytes(bytes);
  if (!decoded) throw new Error(`${file}: not a text file`);
  return decoded;
}
