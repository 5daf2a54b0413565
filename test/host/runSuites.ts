import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';

/** Runs the suites of a kind beside this file; rejects when a test fails or none ran. */
export async function runSuites(kind: '.vscode' | '.untrusted'): Promise<void> {
  const reporter = path.resolve(__dirname, '../../test/countingReporter.cjs');
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, reporter });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith(`${kind}.test.js`) && isWanted(file)) mocha.addFile(path.join(__dirname, file));
  }
  // Loaded before it runs, so that every suite can be told to tidy up.
  await mocha.loadFilesAsync();
  for (const suite of mocha.suite.suites) leaveNothingBehind(suite);
  const failures = await new Promise<number>((resolve, reject) => {
    const runner = mocha.run((failed) =>
      runner.total === 0 ? reject(new Error('no test ran')) : resolve(failed),
    );
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** Names of files hold one of the words that `testHost.mjs` was told, where it was told any. */
function isWanted(file: string): boolean {
  const words = (process.env.ANAMNESE_HOST_ONLY ?? '').split(' ').filter((word) => word !== '');
  return words.length === 0 || words.some((word) => file.includes(word));
}

/** Removes what a suite adds to the workspace that all share: one that looks for corpora must not find another's. */
function leaveNothingBehind(suite: Mocha.Suite): void {
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
