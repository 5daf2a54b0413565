import * as vscode from 'vscode';

/** Where a person is in a flow of several questions. */
export interface Place {
  readonly title: string;
  readonly step: number;
  readonly steps: number;
}

export interface Question<T extends vscode.QuickPickItem> extends Place {
  readonly placeholder: string;
  readonly items: readonly T[];
  /** The item that Enter takes; the first by default. */
  readonly active?: T | undefined;
}

/** `back` leads to the question before; undefined ends the flow. */
export type Answer<T> = { readonly picked: T } | 'back' | undefined;

/** One question of a flow, with a way back. */
export function pickOne<T extends vscode.QuickPickItem>(question: Question<T>): Promise<Answer<T>> {
  return ask(question, false, ([picked]) => picked);
}

/** The same, where several may be chosen; nothing chosen is no answer. */
export function pickMany<T extends vscode.QuickPickItem>(
  question: Question<T>,
  chosen: (item: T) => boolean,
): Promise<Answer<readonly T[]>> {
  return ask(question, true, (picked) => (picked.length > 0 ? picked : undefined), chosen);
}

function ask<T extends vscode.QuickPickItem, R>(
  { title, step, steps, placeholder, items, active }: Question<T>,
  many: boolean,
  answerOf: (picked: readonly T[]) => R | undefined,
  chosen: (item: T) => boolean = () => false,
): Promise<Answer<R>> {
  const pick = vscode.window.createQuickPick<T>();
  Object.assign(pick, { title, step, totalSteps: steps, placeholder, canSelectMany: many, items });
  Object.assign(pick, { matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  if (many) pick.selectedItems = items.filter(chosen);
  else if (active) pick.activeItems = [active];
  if (step > 1) pick.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer<R>>((resolve) => {
    const end = (answer: Answer<R>): void => (resolve(answer), pick.dispose());
    pick.onDidTriggerButton(() => end('back'));
    pick.onDidAccept(() => {
      const answer = answerOf(pick.selectedItems);
      if (answer !== undefined) end({ picked: answer });
    });
    pick.onDidHide(() => end(undefined));
    pick.show();
  });
}

/** Asks for a whole number; undefined where the person does not answer. */
export async function askNumber(
  title: string,
  value: string,
  prompt: string,
  lowest: number,
): Promise<number | undefined> {
  const validateInput = (text: string): string | undefined =>
    isWhole(text, lowest) ? undefined : vscode.l10n.t('A whole number from {0} on', lowest);
  const text = await vscode.window.showInputBox({
    title,
    value,
    prompt,
    validateInput,
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : Number(text);
}

function isWhole(text: string, lowest: number): boolean {
  return /^\d{1,9}$/.test(text.trim()) && Number(text) >= lowest;
}
