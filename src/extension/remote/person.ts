import * as vscode from 'vscode';

/** How the person at the editor is asked and told. (Tests are another, since a modal dialog stops them.) */
export interface Person {
  /** Asks before anything else is done. @param yes what agreeing is called */
  agrees(question: string, detail: string, yes: string): Promise<boolean>;
  /** Asks for what nobody may look at; undefined where the person thinks better of it. */
  tellsSecret(title: string, prompt: string): Promise<string | undefined>;
  hears(message: string): void;
  /** @param setting where the person can change what they are warned of */
  isWarned(message: string, setting?: string): void;
}

export const EDITOR_DIALOGS: Person = {
  agrees: async (question, detail, yes) =>
    (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes,
  tellsSecret: async (title, prompt) =>
    vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true }),
  hears: (message) => void vscode.window.showInformationMessage(message),
  isWarned: (message, setting) => {
    const open = vscode.l10n.t('Open Settings');
    void vscode.window.showWarningMessage(message, ...(setting ? [open] : [])).then((choice) => {
      if (choice === open) void vscode.commands.executeCommand('workbench.action.openSettings', setting);
    });
  },
};
