import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import type { Comparisons } from './correct/comparisons';
import { entitiesAt } from './entitiesAt';
import { labelName } from './labelNames';
import type { LabelVisibility } from './labelVisibility';
import type { NoteTracker, TrackedNote } from './noteTracker';
import { shownNumber } from './numbers';
import type { PredictionService } from './predictionService';
import { throttled } from './throttled';

/** A long note answers many times a second. */
const UPDATE_MS = 100;

/**
 * Two items beside each other: the model, its device and the number of entities, spinning while it works; and what
 * the entity under the cursor is, in words. What was rejected is no entity for either, as for marks and hover; a hidden
 * label is counted, and not named.
 */
export function registerStatusBar(
  tracker: NoteTracker,
  service: PredictionService,
  visibility: Pick<LabelVisibility, 'isVisible' | 'onChange'>,
  comparisons: Pick<Comparisons, 'kept' | 'onChange'>,
): vscode.Disposable {
  const model = vscode.window.createStatusBarItem('anamnese.model', vscode.StatusBarAlignment.Right, 101);
  model.name = vscode.l10n.t('Anamnese: model');
  model.command = 'anamnese.openMenu';
  const cursor = vscode.window.createStatusBarItem('anamnese.cursor', vscode.StatusBarAlignment.Right, 100);
  cursor.name = vscode.l10n.t('Anamnese: entity at the cursor');

  const updateCursor = (): void => {
    const editor = vscode.window.activeTextEditor;
    const note = editor && tracker.get(editor.document.uri);
    const here = note
      ? entitiesAt(comparisons.kept(note), editor.document.offsetAt(editor.selection.active))
      : [];
    showCursor(
      cursor,
      here.filter(({ label }) => visibility.isVisible(label)),
    );
  };
  const update = (): void => {
    const editor = vscode.window.activeTextEditor;
    const note = editor && tracker.get(editor.document.uri);
    showModel(model, note && { ...note, entities: comparisons.kept(note) }, service);
    updateCursor();
  };
  update();
  const answered = throttled(update, UPDATE_MS);
  return vscode.Disposable.from(
    model,
    cursor,
    answered,
    tracker.onChange(answered),
    comparisons.onChange(answered),
    visibility.onChange(updateCursor),
    service.onState(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.window.onDidChangeTextEditorSelection(updateCursor),
  );
}

function showModel(
  item: vscode.StatusBarItem,
  note: TrackedNote | undefined,
  service: PredictionService,
): void {
  if (!note) return item.hide();
  const { state } = service;
  item.backgroundColor = undefined;
  if (state.kind === 'stopped') {
    item.text = `$(error) ${vscode.l10n.t('Anamnese stopped')}`;
    item.tooltip = state.message;
    item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
  } else if (state.kind !== 'ready') {
    item.text = `$(loading~spin) ${vscode.l10n.t('Anamnese is loading its model')}`;
    item.tooltip = undefined;
  } else {
    const { name, device, precision } = state.model;
    const icon = note.remaining === 0 ? '$(pulse)' : '$(loading~spin)';
    const count = note.entities.length;
    const entities = count === 1 ? vscode.l10n.t('1 entity') : vscode.l10n.t('{0} entities', count);
    item.text = `${icon} ${name} · ${device.toUpperCase()} · ${entities}`;
    item.tooltip = vscode.l10n.t(
      '{0} on {1} ({2}). Click to choose model, device or threshold.',
      name,
      device,
      precision,
    );
  }
  item.show();
}

function showCursor(item: vscode.StatusBarItem, here: readonly Entity[]): void {
  if (here.length === 0) return item.hide();
  item.text = here.map(({ label, score }) => `${labelName(label)} ${shownNumber(score)}`).join(' + ');
  item.show();
}
