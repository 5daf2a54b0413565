import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AnamneseApi } from '../../src/extension/extension';
import type { TrackedNote } from '../../src/extension/noteTracker';

export const EXTENSION = 'anamnese.anamnese';

export async function api(): Promise<AnamneseApi> {
  return vscode.extensions.getExtension<AnamneseApi>(EXTENSION)!.activate();
}

export function workspaceFile(name: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
}

export async function openNote(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(workspaceFile(name));
}

/** Writes a file of the workspace and opens it. */
export async function openNew(name: string, content: string | Uint8Array): Promise<vscode.TextEditor> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  await vscode.workspace.fs.writeFile(workspaceFile(name), bytes);
  return openNote(name);
}

/** Waits until a condition holds; fails with its description. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false,
  limitMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    assert.ok(Date.now() < deadline, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The note of a document once nothing of it waits for the encoder, and no edit for its answer. */
export async function settled(document: vscode.TextDocument, limitMs?: number): Promise<TrackedNote> {
  const { tracker } = await api();
  const what = `${vscode.workspace.asRelativePath(document.uri)} is predicted`;
  await until(what, () => tracker.get(document.uri)?.remaining === 0, limitMs);
  const limit = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => limit.cancel(), limitMs ?? 60_000);
  const note = await tracker.settled(document.uri, limit.token);
  clearTimeout(timer);
  assert.ok(note, `waited in vain: ${what}`);
  return note;
}

/** The words of a note's entities of a label. */
export function wordsOf(note: TrackedNote, label: string): string[] {
  const text = note.document.getText();
  return note.entities
    .filter((entity) => entity.label === label)
    .map(({ start, end }) => text.slice(start, end));
}

/** Closes every editor, none of whose changes are kept: a test that edits a note leaves nothing to the next. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export async function withSetting<T>(key: string, value: unknown, body: () => Promise<T>): Promise<T> {
  const settings = vscode.workspace.getConfiguration('anamnese');
  await settings.update(key, value, vscode.ConfigurationTarget.Global);
  try {
    return await body();
  } finally {
    await settings.update(key, undefined, vscode.ConfigurationTarget.Global);
  }
}
