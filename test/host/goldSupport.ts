import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Difference, DifferenceKind } from '../../src/core/correct/differences';
import { targetFor } from '../../src/extension/correct/target';
import { api, openNew, settled, until, workspaceFile } from './support';

export const NOTE = 'Paciente com febre e edema em MMII.\nNega dispneia 😀 hoje.\n';

export async function write(name: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(workspaceFile(name), new TextEncoder().encode(text));
}

export async function onDisk(name: string): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(workspaceFile(name));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A T line of the words of the note. */
export function line(id: number, label: string, words: string): string {
  const [start] = [NOTE.indexOf(words)];
  const points = (text: string): number => [...text].length;
  const from = points(NOTE.slice(0, start));
  return `T${id}\t${label} ${from} ${from + points(words)}\t${words}\n`;
}

/** Opens a note with gold, once both sides are known. */
export async function openWithGold(name: string, ann: string, note = NOTE): Promise<vscode.TextDocument> {
  await write(`${name}.ann`, ann);
  const { document } = await openNew(`${name}.txt`, note);
  return compared(document);
}

export async function compared(document: vscode.TextDocument): Promise<vscode.TextDocument> {
  await settled(document);
  const { correcting } = await api();
  await until('its gold is found', () => typeof correcting.golds.get(document.uri) === 'object');
  return document;
}

export async function differences(document: vscode.TextDocument): Promise<readonly Difference[]> {
  return (await api()).correcting.comparisons.of(document)!.differences;
}

export const wordsOf = ({ gold, predicted }: Difference, { getText }: vscode.TextDocument): string =>
  (gold?.fragments ?? [predicted!]).map(({ start, end }) => getText().slice(start, end)).join(' … ');

export async function find(
  document: vscode.TextDocument,
  kind: DifferenceKind,
  words: string,
): Promise<Difference> {
  const all = await differences(document);
  const found = all.find((one) => one.kind === kind && wordsOf(one, document) === words);
  const seen = all.map((one) => `${one.kind} ${wordsOf(one, document)}`).join(', ');
  assert.ok(found, `${kind} ${words} among ${seen}`);
  return found;
}

export async function run(
  command: string,
  document: vscode.TextDocument,
  difference: Difference,
  more: object = {},
): Promise<void> {
  const target = { ...targetFor(document, difference), ...more };
  assert.equal(await vscode.commands.executeCommand(`anamnese.${command}`, target), true, command);
}

export const undo = (): Thenable<boolean> => vscode.commands.executeCommand('anamnese.undoCorrection');

export function selectWords(document: vscode.TextDocument, words: string): void {
  const editor = vscode.window.activeTextEditor!;
  assert.equal(editor.document, document);
  const start = document.getText().indexOf(words);
  editor.selection = new vscode.Selection(
    document.positionAt(start),
    document.positionAt(start + words.length),
  );
}
