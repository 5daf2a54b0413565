import * as vscode from 'vscode';
import { onSettings, readSettings, writeSetting } from './settings';

/** Which labels are shown. Kept in the settings, so that it holds for every note and the next session. */
export class LabelVisibility implements vscode.Disposable {
  private hidden = new Set(readSettings().hiddenLabels);
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly watching = onSettings(['hiddenLabels'], () => {
    this.hidden = new Set(readSettings().hiddenLabels);
    this.emitter.fire();
  });

  readonly onChange = this.emitter.event;

  isVisible(label: string): boolean {
    return !this.hidden.has(label);
  }

  async setVisible(label: string, visible: boolean): Promise<void> {
    if (visible) this.hidden.delete(label);
    else this.hidden.add(label);
    this.emitter.fire();
    await writeSetting('hiddenLabels', [...this.hidden].sort());
  }

  async showAll(): Promise<void> {
    this.hidden.clear();
    this.emitter.fire();
    await writeSetting('hiddenLabels', []);
  }

  dispose(): void {
    this.watching.dispose();
    this.emitter.dispose();
  }
}
