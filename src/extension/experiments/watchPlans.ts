import * as vscode from 'vscode';
import type { RunnerFile } from '../../protocol/planRunner';
import { parseRunner, RUNNER_FILE } from '../../protocol/planRunner';
import { experimentFolders } from './folders';

/**
 * Watches the folders of experiments: `onRunner` is told the plan whose process came or went, `onPlans` that a plan or a
 * finished run did.
 */
export function watchPlans(onRunner: (folder: string) => void, onPlans: () => void): vscode.Disposable {
  const watched = experimentFolders().flatMap((folder) => {
    const look = ({ path }: vscode.Uri): void =>
      onRunner(vscode.Uri.joinPath(folder, path.split('/').at(-2)!).fsPath);
    return [
      ...watch(folder, `*/${RUNNER_FILE}`, look),
      ...watch(folder, '*/plan.json', onPlans),
      ...watch(folder, '*/runs/*/record.json', onPlans),
      ...watchRemoved(folder, '{*,*/runs,*/runs/*}', onPlans),
    ];
  });
  return vscode.Disposable.from(...watched);
}

function watch(folder: vscode.Uri, glob: string, listener: (uri: vscode.Uri) => void): vscode.Disposable[] {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, glob));
  const { onDidCreate, onDidChange, onDidDelete } = watcher;
  return [watcher, onDidCreate(listener), onDidChange(listener), onDidDelete(listener)];
}

/** A folder that goes takes its files along without a word about them. */
function watchRemoved(folder: vscode.Uri, glob: string, listener: () => void): vscode.Disposable[] {
  const pattern = new vscode.RelativePattern(folder, glob);
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, true, true, false);
  return [watcher, watcher.onDidDelete(listener)];
}

/** What a plan's runner.json says; undefined where there is none that can be read. */
export async function readRunner(folder: string): Promise<RunnerFile | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(vscode.Uri.file(folder), RUNNER_FILE),
    );
    return parseRunner(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
