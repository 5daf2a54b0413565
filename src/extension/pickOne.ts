import * as vscode from 'vscode';

/** A list that opens with one of its items active, which `showQuickPick` cannot; undefined when it was left. */
export function pickOne<T extends vscode.QuickPickItem>(
  title: string,
  items: readonly T[],
  isActive: (item: T) => boolean,
  placeholder = '',
): Promise<T | undefined> {
  const list = vscode.window.createQuickPick<T>();
  Object.assign(list, {
    title,
    items,
    placeholder,
    matchOnDescription: true,
    activeItems: items.filter(isActive).slice(0, 1),
  });
  return new Promise((resolve) => {
    list.onDidAccept(() => (resolve(list.selectedItems[0]), list.hide()));
    list.onDidHide(() => (resolve(undefined), list.dispose()));
    list.show();
  });
}
