import path from 'node:path';
import * as vscode from 'vscode';

/** Where plans live: the setting's folder in each workspace folder, or the one place that it names. */
export function experimentFolders(): vscode.Uri[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const places = folders.map(({ uri }) => experimentFolder(uri));
  return [...new Map(places.map((place) => [place.toString(), place])).values()];
}

export function experimentFolder(workspaceFolder: vscode.Uri): vscode.Uri {
  const setting = vscode.workspace
    .getConfiguration('anamnese', workspaceFolder)
    .get('experiments.folder', 'experiments');
  if (path.isAbsolute(setting)) return vscode.Uri.file(setting);
  return vscode.Uri.joinPath(workspaceFolder, setting || 'experiments');
}

/** A folder's name, for a person. */
export function nameOf(folder: string): string {
  return path.basename(folder);
}

/** A path as short as it can be said: below the workspace without it. */
export function shownPath(file: string): string {
  return vscode.workspace.asRelativePath(file);
}
