import * as vscode from 'vscode';
import type { Span } from '../core/text/entity';
import { neighbourOf } from '../core/text/neighbour';
import type { Comparisons } from './correct/comparisons';
import { labelName } from './labelNames';
import type { LabelVisibility } from './labelVisibility';
import { NoteAtHand } from './noteAtHand';
import type { NoteTracker } from './noteTracker';

/** Next and previous entity, copy, show and hide: what the keys, the hover and the view's buttons run. */
export function registerNavigation(
  tracker: NoteTracker,
  visibility: LabelVisibility,
  comparisons: Comparisons,
): vscode.Disposable {
  const atHand = new NoteAtHand(tracker);
  const go = async (step: 1 | -1, label?: string, from?: Span): Promise<void> => {
    const shownNote = await atHand.show();
    if (!shownNote) return;
    const { editor, note } = shownNote;
    const shown = comparisons.kept(note).filter((entity) => visibility.isVisible(entity.label));
    const wanted = label ? shown.filter((entity) => entity.label === label) : shown;
    const target = neighbourOf(wanted, from ?? selected(editor), step);
    if (target) reach(editor, target);
    else void vscode.window.setStatusBarMessage(vscode.l10n.t('No entity to go to'), 3000);
  };
  return vscode.Disposable.from(
    atHand,
    vscode.commands.registerCommand('anamnese.nextEntity', () => go(1)),
    vscode.commands.registerCommand('anamnese.previousEntity', () => go(-1)),
    vscode.commands.registerCommand(
      'anamnese.nextEntityOfLabel',
      async (of?: { label?: string; from?: Span }) => {
        const label = of?.label ?? (await pickLabel(atHand));
        if (label) await go(1, label, of?.from);
      },
    ),
    vscode.commands.registerCommand(
      'anamnese.copyEntity',
      (at: { uri: string; start: number; end: number }) => copy(at),
    ),
    vscode.commands.registerCommand('anamnese.hideLabel', async (of?: { label?: string }) => {
      const label = of?.label ?? (await pickLabel(atHand));
      if (label) await visibility.setVisible(label, false);
    }),
    vscode.commands.registerCommand('anamnese.toggleLabel', async (of?: { label?: string }) => {
      const label = of?.label ?? (await pickLabel(atHand));
      if (label) await visibility.setVisible(label, !visibility.isVisible(label));
    }),
    vscode.commands.registerCommand('anamnese.findWords', find),
    vscode.commands.registerCommand('anamnese.showAllLabels', () => visibility.showAll()),
  );
}

function selected({ document, selection }: vscode.TextEditor): Span {
  return { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
}

/** The editor's own search: it marks every place and counts them. Begun empty, it takes what is selected over its argument. */
async function find({ words, ...span }: Span & { words: string }): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor) select(editor, span);
  await vscode.commands.executeCommand('editor.actions.findWithArgs', {
    searchString: words,
    isRegex: false,
    isCaseSensitive: false,
    matchWholeWord: true,
  });
}

function select(editor: vscode.TextEditor, { start, end }: Span): void {
  const { document } = editor;
  editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(end));
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The walkthrough's step is done when an entity was reached, not when a command was pressed in vain. */
function reach(editor: vscode.TextEditor, target: Span): void {
  select(editor, target);
  void vscode.commands.executeCommand('setContext', 'anamnese.reachedEntity', true);
}

async function copy({ uri, start, end }: { uri: string; start: number; end: number }): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  await vscode.env.clipboard.writeText(document.getText(range));
}

async function pickLabel(atHand: NoteAtHand): Promise<string | undefined> {
  const shown = await atHand.show();
  if (!shown) return undefined;
  const labels = new Set(shown.note.entities.map(({ label }) => label));
  const items = [...labels].map((label) => ({ label: labelName(label), name: label }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Label') });
  return picked?.name;
}
