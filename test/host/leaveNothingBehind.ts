import type Mocha from 'mocha';
import * as vscode from 'vscode';

/** Removes what a suite adds to the workspace that all share: one that looks for corpora must not find another's. */
export function leaveNothingBehind(suite: Mocha.Suite): void {
  const { uri } = vscode.workspace.workspaceFolders![0]!;
  let before: readonly string[] = [];
  suite.beforeAll('what the workspace holds', async () => (before = await filesBelow(uri)));
  suite.afterAll('the workspace as it was', async () => {
    for (const name of await filesBelow(uri))
      if (!before.includes(name)) await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, name));
  });
}

/** Paths below a folder. */
async function filesBelow(folder: vscode.Uri): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const below = entries.map(async ([name, type]) => {
    if (type !== vscode.FileType.Directory) return [name];
    return (await filesBelow(vscode.Uri.joinPath(folder, name))).map((inner) => `${name}/${inner}`);
  });
  return (await Promise.all(below)).flat();
}
