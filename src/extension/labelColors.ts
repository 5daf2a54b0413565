import * as vscode from 'vscode';
import { SEMANTIC_GROUPS } from '../core/labels/groups';

/** The twelve contributed theme colours, one a semantic group. Other models' labels share them in turn. */
const colorIds = Object.keys(SEMANTIC_GROUPS).map((group) => colorId(group));

/** `Concepts & Ideas` -> `anamnese.conceptsIdeas`, as package.json contributes it. */
export function colorId(group: string): string {
  const words = group.split(/[^A-Za-z]+/).map((word) => word.toLowerCase());
  const camel = words
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  return `anamnese.${camel}`;
}

/** The theme colour of a label of the model at hand. */
export function labelColorId(label: string, labels: readonly string[]): string {
  if (label in SEMANTIC_GROUPS) return colorId(label);
  return colorIds[Math.max(0, labels.indexOf(label)) % colorIds.length]!;
}

export function labelColor(label: string, labels: readonly string[]): vscode.ThemeColor {
  return new vscode.ThemeColor(labelColorId(label, labels));
}

export function labelBackground(label: string, labels: readonly string[]): vscode.ThemeColor {
  return new vscode.ThemeColor(`${labelColorId(label, labels)}Background`);
}

/** The CSS variable under which VS Code offers a theme colour to style rules. */
export function cssVariable(id: string): string {
  return `var(--vscode-${id.replaceAll('.', '-')})`;
}
