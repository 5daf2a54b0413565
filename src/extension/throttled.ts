import type * as vscode from 'vscode';

/** An action that may be asked for at any rate. */
export interface Throttled extends vscode.Disposable {
  (): void;
}

/** Runs `action` at once when asked, then at most every `milliseconds`; what was asked for meanwhile is done at the end. */
export function throttled(action: () => void, milliseconds: number): Throttled {
  let timer: NodeJS.Timeout | undefined;
  let asked = false;
  const run = (): void => {
    asked = false;
    action();
    timer = setTimeout(() => {
      timer = undefined;
      if (asked) run();
    }, milliseconds);
  };
  const ask = (): void => {
    asked = true;
    if (!timer) run();
  };
  return Object.assign(ask, { dispose: () => clearTimeout(timer) });
}
