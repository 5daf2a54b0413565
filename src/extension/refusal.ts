import * as vscode from 'vscode';
import { knownRefusal } from './refusalSentences';

/** A refusal of the worker's processes in the person's language where it is one that is known, else as it is. */
export function refusalInWords(message: string): string {
  const known = knownRefusal(message);
  // A reason inside of it may be one too.
  return known ? vscode.l10n.t(known.sentence, ...known.holes.map(refusalInWords)) : message;
}

/** The same of anything that was thrown. */
export function errorInWords(error: unknown): string {
  return refusalInWords(error instanceof Error ? error.message : String(error));
}
