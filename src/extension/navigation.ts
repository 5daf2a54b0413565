import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import { labelName } from './labelNames';
import type { LabelVisibility } from './labelVisibility';
import type { NoteTracker } from './noteTracker';

/** Next and previous entity, copy, show and hide: what the keys, the hover and the view's buttons run. */
export function registerNavigation(tracker: NoteTracker, visibility: LabelVisibility): vscode.Disposable {
  const go = (step: 1 | -1, label?: string): void => {
    const editor = vscode.window.activeTextEditor;
    const note = editor && tracker.get(editor.document.uri);
    if (!note) return;
    const shown = note.entities.filter((entity) => visibility.isVisible(entity.label));
    const target = neighbour(label ? shown.filter((entity) => entity.label === label) : shown, editor, step);
    if (target) select(editor, target);
    else void vscode.window.setStatusBarMessage(vscode.l10n.t('No entity to go to'), 3000);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.nextEntity', () => go(1)),
    vscode.commands.registerCommand('anamnese.previousEntity', () => go(-1)),
    vscode.commands.registerCommand('anamnese.nextEntityOfLabel', async (of?: { label?: string }) => {
      const label = of?.label ?? (await pickLabel(tracker));
      if (label) go(1, label);
    }),
    vscode.commands.registerCommand(
      'anamnese.copyEntity',
      (at: { uri: string; start: number; end: number }) => copy(at),
    ),
    vscode.commands.registerCommand('anamnese.hideLabel', async (of?: { label?: string }) => {
      const label = of?.label ?? (await pickLabel(tracker));
      if (label) await visibility.setVisible(label, false);
    }),
    vscode.commands.registerCommand('anamnese.showAllLabels', () => visibility.showAll()),
  );
}

/** The entity after (or before) the selection, going round at the ends of the note. */
function neighbour(entities: readonly Entity[], editor: vscode.TextEditor, step: 1 | -1): Entity | undefined {
  const { document, selection } = editor;
  const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
  if (step > 0) {
    const after = entities.find((e) => e.start > start || (e.start === start && e.end < end));
    return after ?? entities[0];
  }
  return entities.findLast((e) => e.start < start || (e.start === start && e.end > end)) ?? entities.at(-1);
}

function select(editor: vscode.TextEditor, { start, end }: Entity): void {
  const { document } = editor;
  editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(end));
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function copy({ uri, start, end }: { uri: string; start: number; end: number }): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  await vscode.env.clipboard.writeText(document.getText(range));
}

async function pickLabel(tracker: NoteTracker): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const labels = new Set(editor && tracker.get(editor.document.uri)?.entities.map(({ label }) => label));
  const items = [...labels].map((label) => ({ label: labelName(label), name: label }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Label') });
  return picked?.name;
}
