import * as vscode from 'vscode';

/** Writes beside the place and renames, so that no half of a file is ever there. False where the person was told why not. */
export async function writeWhole(target: vscode.Uri, content: string | Uint8Array): Promise<boolean> {
  const { fs } = vscode.workspace;
  const name = target.path.split('/').at(-1)!;
  const partial = vscode.Uri.joinPath(target, '..', `.${name}.partial`);
  try {
    await fs.writeFile(partial, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    await fs.rename(partial, target, { overwrite: true });
    return true;
  } catch (error) {
    await Promise.resolve(fs.delete(partial)).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} cannot be written: {1}', target.fsPath, reason));
    return false;
  }
}
