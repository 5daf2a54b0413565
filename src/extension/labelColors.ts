import * as vscode from 'vscode';
import { styleGroup } from './labelLines';

/** `Concepts & Ideas` -> `anamnese.conceptsIdeas`, as package.json contributes it. */
export function colorId(group: string): string {
  const words = group.split(/[^A-Za-z]+/).map((word) => word.toLowerCase());
  const camel = words
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  return `anamnese.${camel}`;
}

/** The theme colour of a label of the model at hand: one of the twelve that are contributed, one a semantic group. */
export function labelColorId(label: string, labels: readonly string[]): string {
  return colorId(styleGroup(label, labels));
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
