import * as vscode from 'vscode';
import type { Corpora } from './corpora';
import type { Comparing } from './correct/comparing';
import type { NoteTracker } from './noteTracker';
import { registerNotes } from './notes';
import type { PredictionService } from './predictionService';
import { readSettings } from './settings';
import { Turns } from './turns';

/** What other extensions and the tests may ask of a running Anamnese. */
export interface AnamneseApi extends Corpora {
  readonly service: PredictionService;
  readonly tracker: NoteTracker;
  readonly correcting: Comparing;
  /** What each turn of activating took; loading the code of the first one is not in it. */
  readonly turnsMs: readonly number[];
}

/** In several turns: what a note in sight needs, its prediction, and what people ask for by name. */
export async function activate(context: vscode.ExtensionContext): Promise<AnamneseApi> {
  const turns = new Turns();
  const log = vscode.window.createOutputChannel('Anamnese', { log: true });
  context.subscriptions.push(log, { dispose: () => turns.stop() });
  const notes = await turns.take(() => registerNotes(context, log));
  const { service, tracker, comparing } = notes;
  await turns.take(() => {
    tracker.look();
    comparing.golds.look();
    void prepareBesideNotes(service);
  });
  const { registerCorpora } = await turns.take(() => import('./corpora'));
  const corpora = await turns.take(() => registerCorpora(context, notes, log));
  return { service, tracker, correcting: comparing, ...corpora, turnsMs: turns.milliseconds };
}

/** A workspace folder with text files is likely to hold notes: their process is started before the first is opened. */
async function prepareBesideNotes(service: PredictionService): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder || !readSettings().enabled) return;
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder.uri)).catch(() => []);
  if (entries.some(([name]) => name.toLowerCase().endsWith('.txt'))) service.prepare();
}
