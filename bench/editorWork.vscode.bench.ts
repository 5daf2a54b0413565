// What a person feels while reading and typing. Runs once a fresh extension host.
import type * as vscode from 'vscode';
import { api, closeAll, settled, until, withSetting } from '../test/host/support';
import { pause, recordKeystroke, recordingBlocks } from './editorMeasures';
import { longText, openNote, writeNote } from './editorNotes';
import { typeAtSpeed } from './editorTyping';

const PLACES = 20;

export async function run(): Promise<void> {
  await writeNote('nota.txt', longText(4000));
  await writeNote('longa.txt', longText(1_000_000));
  await ordinaryNote();
  await longNote('block/long');
  await withSetting('enabled', false, () => longNote('block/long without'));
}

async function ordinaryNote(): Promise<void> {
  const editor = await openNote('nota.txt');
  await settled(editor.document, 60_000);
  await keystrokes(editor, 'keystroke');
  await recordingBlocks('block/typing', () => typeAtSpeed(editor, 2000));
  await settled(editor.document, 60_000);
  await closeAll();
}

/** Most of a megabyte is still waiting for the encoder while this runs. */
async function longNote(measure: string): Promise<void> {
  const { tracker } = await api();
  const editor = await recordingBlocks(`${measure}, opening`, () => openNote('longa.txt'));
  const tracked = tracker.get(editor.document.uri) !== undefined;
  if (tracked) {
    await until('first entities', () => (tracker.get(editor.document.uri)?.entities.length ?? 0) > 0);
  }
  await recordingBlocks(`${measure}, predicting`, () => pause(10_000));
  await recordingBlocks(`${measure}, typing`, () => typeAtSpeed(editor, 300_000));
  if (tracked) await keystrokes(editor, 'keystroke/long');
  await closeAll();
}

async function keystrokes(editor: vscode.TextEditor, measure: string): Promise<void> {
  const { length } = editor.document.getText();
  for (let i = 0; i < PLACES; i++) {
    await recordKeystroke(measure, editor, Math.floor(((i + 0.5) / PLACES) * length));
  }
}
