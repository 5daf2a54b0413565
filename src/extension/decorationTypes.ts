import * as vscode from 'vscode';

/** Decoration types by what they show, made when first needed and kept. */
export class DecorationTypes implements vscode.Disposable {
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();

  all(): Iterable<vscode.TextEditorDecorationType> {
    return this.types.values();
  }

  dispose(): void {
    for (const type of this.types.values()) type.dispose();
    this.types.clear();
  }

  protected cached(
    key: string,
    options: () => vscode.DecorationRenderOptions,
  ): vscode.TextEditorDecorationType {
    const known = this.types.get(key);
    if (known) return known;
    const created = vscode.window.createTextEditorDecorationType(options());
    this.types.set(key, created);
    return created;
  }
}
