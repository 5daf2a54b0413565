import * as vscode from 'vscode';

/** A label in the person's language; labels of other models stay as their authors wrote them. */
export function labelName(label: string): string {
  switch (label) {
    case 'Procedures':
      return vscode.l10n.t('Procedures');
    case 'Disorders':
      return vscode.l10n.t('Disorders');
    case 'Concepts & Ideas':
      return vscode.l10n.t('Concepts & Ideas');
    case 'Living Beings':
      return vscode.l10n.t('Living Beings');
    case 'Anatomy':
      return vscode.l10n.t('Anatomy');
    case 'Chemicals & Drugs':
      return vscode.l10n.t('Chemicals & Drugs');
    case 'Physiology':
      return vscode.l10n.t('Physiology');
    case 'Phenomena':
      return vscode.l10n.t('Phenomena');
    case 'Devices':
      return vscode.l10n.t('Devices');
    case 'Organizations':
      return vscode.l10n.t('Organizations');
    case 'Objects':
      return vscode.l10n.t('Objects');
    case 'Activities & Behaviors':
      return vscode.l10n.t('Activities & Behaviors');
    default:
      return label;
  }
}
