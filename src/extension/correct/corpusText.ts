import * as vscode from 'vscode';
import type { Companions, TextFile } from '../../core/corpus/corpusFile';
import { decodeBytes } from '../../core/text/decodeBytes';

/** A file's text as it is on disk; undefined where there is none. */
export async function textOnDisk(uri: vscode.Uri): Promise<string | undefined> {
  const bytes = await vscode.workspace.fs.readFile(uri).then(undefined, () => undefined);
  return bytes && decodeBytes(bytes)?.text;
}

/** A file's text as a person sees it: with the changes that are not saved yet where it is open. */
export async function textNow(uri: vscode.Uri): Promise<string | undefined> {
  const open = openDocument(uri);
  return open?.isDirty ? open.getText() : textOnDisk(uri);
}

export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** The `.ann` that BRAT would have beside a note. */
export function annBeside(note: vscode.Uri): vscode.Uri {
  return note.with({ path: `${note.path.replace(/\.txt$/i, '')}.ann` });
}

export function isBesideText({ path, scheme }: vscode.Uri): boolean {
  return scheme !== 'untitled' && /\.txt$/i.test(path);
}

/** The note beside an `.ann`, and the `visual.conf` of its folder and those above: what reading it takes. */
export async function bratCompanions(ann: vscode.Uri, note: TextFile): Promise<Companions> {
  const files = new Map([[note.name, note]]);
  const root = vscode.workspace.getWorkspaceFolder(ann)?.uri.path ?? '';
  for (let folder = parent(ann.path); folder.length >= Math.max(1, root.length); folder = parent(folder)) {
    const name = `${folder}/visual.conf`;
    const text = await textOnDisk(ann.with({ path: name }));
    if (text !== undefined) files.set(name, { name, text });
    if (folder === parent(folder)) break;
  }
  const file = (name: string): TextFile | undefined => files.get(name);
  return { file, note: file };
}

export const NO_COMPANIONS: Companions = { file: () => undefined, note: () => undefined };

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
