import * as vscode from 'vscode';
import { decodeBytes } from '../core/text/decodeBytes';
import { isNote } from './settings';

/** What a decoder puts in the place of bytes that it cannot read. */
const REPLACEMENT = '\ufffd';

/**
 * Says, once a file, that a note is not UTF-8 and was read as if it were: hospital systems export Windows-1252, whose
 * accents the editor then shows as replacement characters, and neither people nor models read those.
 */
export function registerEncodingHint(): vscode.Disposable {
  const told = new Set<string>();
  const look = (editors: readonly vscode.TextEditor[]): void => {
    for (const { document } of editors) {
      const uri = document.uri.toString();
      if (told.has(uri) || document.isUntitled || !isNote(document)) continue;
      if (!document.getText().includes(REPLACEMENT)) continue;
      told.add(uri);
      void offerToReopen(document);
    }
  };
  look(vscode.window.visibleTextEditors);
  return vscode.window.onDidChangeVisibleTextEditors(look);
}

async function offerToReopen(document: vscode.TextDocument): Promise<void> {
  const bytes = await Promise.resolve(vscode.workspace.fs.readFile(document.uri)).catch(() => undefined);
  if (!bytes || decodeBytes(bytes)?.encoding !== 'windows-1252') return;
  const reopen = vscode.l10n.t('Reopen as Windows-1252');
  const sentence = vscode.l10n.t(
    '{0} is not UTF-8: its accents are lost as the editor reads it, and entities with them.',
    vscode.workspace.asRelativePath(document.uri),
  );
  if ((await vscode.window.showWarningMessage(sentence, reopen)) === reopen) await reopenAsLatin(document);
}

/** VS Code before 1.100 takes no encoding from an extension: there the person picks it. */
async function reopenAsLatin({ uri }: vscode.TextDocument): Promise<void> {
  const open = vscode.workspace.openTextDocument as (
    uri: vscode.Uri,
    options: { encoding: string },
  ) => Thenable<vscode.TextDocument>;
  const document = await open(uri, { encoding: 'windows1252' });
  await vscode.window.showTextDocument(document);
  if (document.getText().includes(REPLACEMENT))
    await vscode.commands.executeCommand('workbench.action.editor.changeEncoding');
}
