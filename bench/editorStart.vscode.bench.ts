// What a person waits for when the editor has just been opened. Runs once a fresh extension host.
import * as vscode from 'vscode';
import type { AnamneseApi } from '../src/extension/extension';
import { closeAll, EXTENSION, settled, until } from '../test/host/support';
import { record, recordingBlocks } from './editorMeasures';
import { longText, openNote, writeNote } from './editorNotes';

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<AnamneseApi>(EXTENSION)!;
  if (extension.isActive) record('activation/missed', 1);
  const started = performance.now();
  const { tracker } = await extension.activate();
  record('activation', performance.now() - started);
  await writeNote('inicio.txt', longText(4000));
  await recordingBlocks('block/opening', async () => {
    const opened = performance.now();
    const { document } = await openNote('inicio.txt');
    record('start/shown', performance.now() - opened);
    await until('first entities', () => (tracker.get(document.uri)?.entities.length ?? 0) > 0);
    record('start/first', performance.now() - opened);
    await settled(document);
    record('start/settled', performance.now() - opened);
  });
  await closeAll();
}
