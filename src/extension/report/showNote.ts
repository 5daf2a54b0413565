import * as vscode from 'vscode';
import { decodeBytes } from '../../core/text/decodeBytes';
import type { NotePlace } from '../../protocol/reporter';

/** The command that shows gold against predicted in an open note. */
const SHOW_DIFFERENCES = 'anamnese.showDifferences';

/**
 * Opens a note beside the report with a place in it selected, and what a run (its folder), if one is given, predicted
 * beside what is right. A record of
 * a file with many is opened as a note of its own, where the workspace has it, else the file at the record's line.
 * @param start and end in UTF-16 units of the note's text
 */
export async function showNote(
  { file, line, key }: NotePlace,
  { start, end }: { readonly start: number; readonly end: number },
  run: string | undefined,
): Promise<void> {
  const comparable =
    run !== undefined && (await vscode.commands.getCommands(true)).includes(SHOW_DIFFERENCES);
  const uri = vscode.Uri.file(file);
  if (line !== undefined && key !== undefined && comparable && vscode.workspace.getWorkspaceFolder(uri))
    return await vscode.commands.executeCommand(SHOW_DIFFERENCES, { key, run, start, end, beside: true });
  const selection =
    line === undefined ? await rangeIn(uri, start, end) : new vscode.Range(line - 1, 0, line - 1, 0);
  const viewColumn = vscode.ViewColumn.Beside;
  const editor = await vscode.window.showTextDocument(uri, { viewColumn, selection });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  if (comparable && line === undefined) await vscode.commands.executeCommand(SHOW_DIFFERENCES, { uri, run });
}

/** A report counts in the file's own text; the editor may show it with other line breaks, so lines are counted. */
async function rangeIn(uri: vscode.Uri, start: number, end: number): Promise<vscode.Range> {
  const text = decodeBytes(await vscode.workspace.fs.readFile(uri))?.text ?? '';
  return new vscode.Range(positionAt(text, start), positionAt(text, end));
}

function positionAt(text: string, offset: number): vscode.Position {
  // The editor does not show a byte-order mark.
  const lines = text
    .slice(0, offset)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/);
  return new vscode.Position(lines.length - 1, lines.at(-1)!.length);
}
