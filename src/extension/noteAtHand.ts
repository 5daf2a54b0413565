import * as vscode from 'vscode';
import type { NoteTracker, TrackedNote } from './noteTracker';

/** An editor with its note. */
export interface ShownNote {
  readonly editor: vscode.TextEditor;
  readonly note: TrackedNote;
}

/**
 * The note that a command means: the active editor's; else one that is in sight; else, where something other than text
 * is active, as the walkthrough that the command was pressed in, the last one that was, which is shown again.
 */
export class NoteAtHand implements vscode.Disposable {
  private last: vscode.Uri | undefined;
  private readonly watching: vscode.Disposable;

  constructor(private readonly tracker: NoteTracker) {
    this.remember();
    this.watching = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.remember()),
      tracker.onChange(() => this.remember()),
    );
  }

  /** Undefined where there is none, which the person has then been told. */
  async show(): Promise<ShownNote | undefined> {
    const found = this.inSight() ?? (await this.shownAgain());
    if (!found)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a note first: its entities are what is gone through.'),
      );
    return found;
  }

  dispose(): void {
    this.watching.dispose();
  }

  private remember(): void {
    const { activeTextEditor } = vscode.window;
    if (activeTextEditor && this.of(activeTextEditor)) this.last = activeTextEditor.document.uri;
  }

  private inSight(): ShownNote | undefined {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    const editors = [...(activeTextEditor ? [activeTextEditor] : []), ...visibleTextEditors];
    return editors.map((editor) => this.of(editor)).find((shown) => shown !== undefined);
  }

  private async shownAgain(): Promise<ShownNote | undefined> {
    if (vscode.window.activeTextEditor || !this.last || !this.tracker.get(this.last)) return undefined;
    return this.of(await vscode.window.showTextDocument(this.last));
  }

  private of(editor: vscode.TextEditor): ShownNote | undefined {
    const note = this.tracker.get(editor.document.uri);
    return note && { editor, note };
  }
}
