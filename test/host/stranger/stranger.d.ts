import type * as vscode from 'vscode';

/** A question as the extension's models get it. */
export interface StrangerAsked {
  readonly model: string;
  readonly messages: readonly string[];
  readonly token: vscode.CancellationToken;
}

/** What the other extension lets the suites do. */
export interface Stranger {
  readonly secrets: vscode.SecretStorage;
  readonly workspaceState: vscode.Memento;
  models: readonly { readonly id: string; readonly family: string }[];
  seen: StrangerAsked[];
  /** What is said; throws what the editor is to see. */
  answer(asked: StrangerAsked): Promise<string>;
  tokens(text: string): number;
  /** Tells the editor that the models are others now. */
  changed(): void;
}
