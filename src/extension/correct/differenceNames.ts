import * as vscode from 'vscode';
import type { Difference, DifferenceKind } from '../../core/correct/differences';
import { shortLabel } from '../../core/labels/groups';
import { labelName } from '../labelNames';
import { shownNumber } from '../numbers';

/** The sign of each kind: told apart without colour. */
export const SIGNS: Readonly<Record<DifferenceKind, string>> = {
  correct: '✓',
  missed: '−',
  spurious: '+',
  label: '≠',
  boundary: '↔',
  both: '≠↔',
  rejected: '✗',
};

/** The theme's own colours for what passed, failed, and is worth a look. */
export const COLORS: Readonly<Record<DifferenceKind, string>> = {
  correct: 'testing.iconPassed',
  missed: 'editorError.foreground',
  spurious: 'editorWarning.foreground',
  label: 'editorInfo.foreground',
  boundary: 'editorInfo.foreground',
  both: 'editorInfo.foreground',
  rejected: 'disabledForeground',
};

export function kindName(kind: DifferenceKind): string {
  switch (kind) {
    case 'correct':
      return vscode.l10n.t('Correct');
    case 'missed':
      return vscode.l10n.t('Missed');
    case 'spurious':
      return vscode.l10n.t('Not in gold');
    case 'label':
      return vscode.l10n.t('Wrong label');
    case 'boundary':
      return vscode.l10n.t('Wrong boundary');
    case 'both':
      return vscode.l10n.t('Wrong label and boundary');
    case 'rejected':
      return vscode.l10n.t('Rejected');
  }
}

/** Both sides in words: `gold: Disorders; predicted: Anatomy 0.71`. */
export function sidesText({ gold, predicted }: Difference): string {
  const found = predicted && `${labelName(predicted.label)} ${shownNumber(predicted.score)}`;
  return vscode.l10n.t('gold: {0}; predicted: {1}', gold ? labelName(gold.label) : '–', found ?? '–');
}

/** The short tag after a difference: `✓`, `−DIS`, `+ANA`, `ANA≠DIS`. */
export function tagOf({ kind, gold, predicted }: Difference): string {
  const [own, other] = [gold && shortLabel(gold.label), predicted && shortLabel(predicted.label)];
  if (kind === 'correct') return SIGNS.correct;
  if (kind === 'label' || kind === 'both') return `${other!}${SIGNS[kind]}${own!}`;
  return `${SIGNS[kind]}${own ?? other!}`;
}
