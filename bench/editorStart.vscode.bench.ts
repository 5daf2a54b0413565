// What a person waits for when the editor has just been opened. Runs once a fresh extension host.
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import type { AnamneseApi } from '../src/extension/extension';
import { closeAll, EXTENSION, settled, until } from '../test/host/support';
import { record, recordingBlocks } from './editorMeasures';
import { longText, openNote, writeNote } from './editorNotes';

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<AnamneseApi>(EXTENSION)!;
  const { tracker } = await activated(extension);
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

/**
 * Records what activating takes: loading the code, measured with a second copy of it, and the turns of `activate`. The
 * editor itself activates the extension, sometimes before this suite runs.
 */
async function activated(extension: vscode.Extension<AnamneseApi>): Promise<AnamneseApi> {
  const api = await extension.activate();
  const bundle = path.join(extension.extensionPath, 'dist', 'extension.js');
  const load = createRequire(bundle);
  Reflect.deleteProperty(load.cache, bundle);
  const started = performance.now();
  load(bundle);
  const loading = performance.now() - started;
  const [first = 0, ...others] = api.turnsMs;
  record(
    'activation',
    [loading, first, ...others].reduce((sum, one) => sum + one),
  );
  record('activation/turn', Math.max(loading + first, ...others));
  return api;
}
