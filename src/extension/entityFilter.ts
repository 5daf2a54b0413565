import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import { labelName } from './labelNames';

const FILTERED = 'anamnese.entitiesFiltered';

/** Words that the entities of the view must have in them, or their labels: also those of labels that are folded in. */
export class EntityFilter implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly commands = [
    vscode.commands.registerCommand('anamnese.filterEntities', async (words?: string) => {
      this.set(typeof words === 'string' ? words : await this.ask());
    }),
    vscode.commands.registerCommand('anamnese.clearEntityFilter', () => this.set('')),
  ];
  private current = '';

  readonly onChange = this.emitter.event;

  get words(): string {
    return this.current;
  }

  matches({ label, start, end }: Entity, text: string): boolean {
    if (this.current === '') return true;
    const wanted = folded(this.current);
    return folded(text.slice(start, end)).includes(wanted) || folded(labelName(label)).includes(wanted);
  }

  dispose(): void {
    this.emitter.dispose();
    vscode.Disposable.from(...this.commands).dispose();
  }

  private ask(): Thenable<string | undefined> {
    return vscode.window.showInputBox({
      title: vscode.l10n.t('Filter Entities'),
      prompt: vscode.l10n.t('Words of the entity or of its label. Empty: all.'),
      value: this.current,
    });
  }

  private set(words: string | undefined): void {
    if (words === undefined) return;
    this.current = words.trim();
    void vscode.commands.executeCommand('setContext', FILTERED, this.current !== '');
    this.emitter.fire();
  }
}

/** Whatever the case, the accents and the white space. */
function folded(words: string): string {
  return words.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').toLowerCase();
}
