import * as vscode from 'vscode';
import type { Difference } from '../../core/correct/differences';
import { extent, isError } from '../../core/correct/differences';
import { neighbourOf } from '../../core/text/neighbour';
import * as protocol from '../../protocol/corpus';
import { errorInWords } from '../refusal';
import { isNote } from '../settings';
import type { Comparisons } from './comparisons';
import type { GoldStore } from './goldStore';
import { addressOf } from './noteDocuments';
import type { WorkspaceFiles } from './workspaceFiles';
import { SHOWS_DIFFERENCES } from './differencesView';
import { readRunPredictions } from './runPredictions';

/** What `Show Gold Against Predicted` may be told. */
export interface ShowDifferences {
  /** The note; the active one by default. */
  readonly uri?: string | vscode.Uri;
  /** In its place, the note's key as a run names it (`PredictedNote.key`): it is sought in the workspace's corpus files. */
  readonly key?: string;
  /** A run's `predictions.jsonl`; the model at hand by default. */
  readonly predictions?: string;
  /** The same by the run's folder. */
  readonly run?: string;
  /** A place to reveal, in UTF-16 units of the document, or of the corpus's text where the note is given by its key. */
  readonly start?: number;
  readonly end?: number;
  /** Opens the note beside what is active, where it is not open already. */
  readonly beside?: boolean;
}

const RUN_PREDICTIONS = '**/runs/*/predictions.jsonl';
const MOST_RUNS = 1000;

/** Show and hide, step through, and choose whose predictions are compared. */
export function registerDifferenceCommands(
  comparisons: Comparisons,
  golds: GoldStore,
  files: WorkspaceFiles,
): vscode.Disposable {
  const show = async (asked?: ShowDifferences): Promise<void> => {
    const document = await noteOf(
      asked?.key ? await addressOfKey(asked.key, files) : asked?.uri,
      asked?.beside,
    );
    if (!document) return tellToOpen();
    // A corpus file of many notes is no note: to show one of them it must be named by its key.
    if (!isNote(document)) return;
    const predictions = asked?.run ? `${asked.run}/predictions.jsonl` : asked?.predictions;
    const isToggle = !asked?.uri && !asked?.key && !predictions;
    if (isToggle && comparisons.isShown(document.uri)) return comparisons.show(document.uri, false);
    const gold = await golds.load(document);
    const run = predictions ? await readRunPredictions(uriOf(predictions), document, golds) : undefined;
    comparisons.show(document.uri, true, run);
    // The view is not there before the context says so.
    await vscode.commands.executeCommand('setContext', SHOWS_DIFFERENCES, true);
    await vscode.commands.executeCommand('anamnese.differences.focus', { preserveFocus: true });
    if (asked?.start === undefined) return;
    const toDocument = (offset: number): number =>
      asked.key && typeof gold === 'object' ? gold.alignment.back(offset) : offset;
    const [start, end] = [toDocument(asked.start), toDocument(asked.end ?? asked.start)];
    select(await vscode.window.showTextDocument(document), start, end);
  };
  const go = (step: 1 | -1): void => {
    const editor = vscode.window.activeTextEditor;
    const compared = editor && comparisons.of(editor.document);
    if (!compared) return tellToOpen();
    if (!comparisons.isShown(editor.document.uri)) comparisons.show(editor.document.uri, true);
    const places = compared.differences.filter(isError).map(placed);
    const { selection, document } = editor;
    const here = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    const next = neighbourOf(places, here, step);
    if (next) select(editor, next.start, next.end);
    else void vscode.window.setStatusBarMessage(vscode.l10n.t('No difference to go to'), 3000);
  };
  const choose = async (): Promise<void> => {
    const document = await noteOf(undefined);
    if (!document) return tellToOpen();
    const picked = await pickRun();
    if (picked)
      await show({ uri: document.uri.toString(), ...(picked.file ? { predictions: picked.file } : {}) });
  };
  const told =
    <A>(run: (asked: A) => Promise<void>) =>
    (asked: A): Promise<void> =>
      run(asked).catch((error: Error) => void vscode.window.showWarningMessage(errorInWords(error)));
  return vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.showDifferences', told(show)),
    vscode.commands.registerCommand('anamnese.hideDifferences', () => {
      const editor = vscode.window.activeTextEditor;
      if (editor) comparisons.show(editor.document.uri, false);
    }),
    vscode.commands.registerCommand('anamnese.chooseRun', told(choose)),
    vscode.commands.registerCommand('anamnese.nextDifference', () => go(1)),
    vscode.commands.registerCommand('anamnese.previousDifference', () => go(-1)),
  );
}

/** The note that is asked for, opened where it is not; the active one by default. */
async function noteOf(
  uri: string | vscode.Uri | undefined,
  beside = false,
): Promise<vscode.TextDocument | undefined> {
  if (uri === undefined) {
    const document = vscode.window.activeTextEditor?.document;
    return document && isNote(document) ? document : undefined;
  }
  const document = await vscode.workspace.openTextDocument(typeof uri === 'string' ? uriOf(uri) : uri);
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const column = open?.viewColumn ?? (beside ? vscode.ViewColumn.Beside : undefined);
  await vscode.window.showTextDocument(document, column);
  return document;
}

async function addressOfKey(key: string, files: WorkspaceFiles): Promise<string> {
  const place = await (await files.connection()).sendRequest(protocol.findNote, { key });
  if (place) return addressOf(place).toString();
  throw new Error(vscode.l10n.t('No file of the workspace holds this note: open the folder of its corpus.'));
}

/** A URI as it is written, or a path. */
function uriOf(given: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(given) ? vscode.Uri.parse(given) : vscode.Uri.file(given);
}

interface RunItem extends vscode.QuickPickItem {
  /** Undefined for the model at hand. */
  readonly file: string | undefined;
}

async function pickRun(): Promise<RunItem | undefined> {
  const found = await vscode.workspace.findFiles(RUN_PREDICTIONS, undefined, MOST_RUNS);
  const runs = found.map((file): RunItem => {
    const [plan, , run] = file.path.split('/').slice(-4);
    return { label: run!, description: plan!, file: file.toString() };
  });
  const live: RunItem = { label: vscode.l10n.t('The model at hand'), file: undefined };
  const title = vscode.l10n.t('Compare gold with the predictions of');
  runs.sort((a, b) => (a.label < b.label ? -1 : 1));
  return vscode.window.showQuickPick([live, ...runs], { title, matchOnDescription: true });
}

function placed(difference: Difference): { start: number; end: number; label: string; score: number } {
  return { ...extent(difference), label: difference.kind, score: 0 };
}

export function select(editor: vscode.TextEditor, start: number, end = start): void {
  const { document } = editor;
  editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(end));
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function tellToOpen(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Open a note first: it is compared with its gold.'),
  );
}
