import * as vscode from 'vscode';
import { pause } from './editorMeasures';

const WORDS = 'Refere dor em MMII com edema, nega febre; PA 12x8.'; // 50 characters
const BETWEEN_KEYS_MS = 120;

/** Types fifty characters as fast as a person does. */
export async function typeAtSpeed(editor: vscode.TextEditor, offset: number): Promise<void> {
  const place = editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(editor.selection);
  await pause(300);
  for (const text of WORDS) {
    await vscode.commands.executeCommand('type', { text });
    await pause(BETWEEN_KEYS_MS);
  }
}
