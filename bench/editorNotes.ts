import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { parseMarkedNotes } from '../src/core/corpus/inlineMarkup';
import { EXTENSION, openNote, workspaceFile } from '../test/host/support';

/** The hand-written notes one after another, again and again with other digits: no two windows have the same words. */
export function longText(length: number): string {
  const folder = path.join(vscode.extensions.getExtension(EXTENSION)!.extensionPath, 'corpus', 'notes');
  const files = readdirSync(folder).sort();
  const notes = files.flatMap(
    (file) => parseMarkedNotes(readFileSync(path.join(folder, file), 'utf8')).notes,
  );
  const once = notes.map(({ text }) => text).join('\n\n');
  let text = once;
  for (let turn = 1; text.length < length; turn++)
    text += `\n\n${once.replace(/\d/g, (digit) => String((Number(digit) + turn) % 10))}`;
  return text.slice(0, length);
}

/** Writes a note to the workspace without opening it. */
export async function writeNote(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(workspaceFile(name), new TextEncoder().encode(text));
}

export { openNote };
