import * as vscode from 'vscode';

/** A confidence or threshold as the person writes numbers: `0.83`, `0,83`. */
export function shownNumber(value: number): string {
  return value.toLocaleString(vscode.env.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A threshold as it stands in a box where it is edited, with all of its digits. */
export function editedNumber(value: number): string {
  return value.toLocaleString(vscode.env.language, { maximumFractionDigits: 6 });
}
