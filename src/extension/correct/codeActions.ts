import * as vscode from 'vscode';
import type { Difference } from '../../core/correct/differences';
import { labelName } from '../labelNames';
import { isNote } from '../settings';
import type { Comparisons } from './comparisons';
import { wordsOf } from './differencesView';
import { targetFor } from './target';

/** Of many nested entities a menu lists the nearest. */
const MOST_ENTITIES = 4;
const LONGEST_SHOWN = 40;

/** The light bulb: what can be said of the entities at the cursor, or of the words that are selected. */
export function registerCodeActions(comparisons: Comparisons): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { pattern: '**' },
    {
      provideCodeActions(document, range) {
        if (!isNote(document)) return [];
        const here = comparisons.at(document, document.offsetAt(range.start)).slice(0, MOST_ENTITIES);
        const actions = here.flatMap((one) => actionsOf(document, one, !range.isEmpty));
        return range.isEmpty ? actions : [add(), ...actions];
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function add(): vscode.CodeAction {
  return action(vscode.l10n.t('Annotate the Selection…'), 'anamnese.addEntity', undefined);
}

function actionsOf(
  document: vscode.TextDocument,
  difference: Difference,
  isSelected: boolean,
): vscode.CodeAction[] {
  const { kind, gold, predicted } = difference;
  const target = targetFor(document, difference);
  const words = wordsOf(difference, document);
  const shown = words.length > LONGEST_SHOWN ? `${words.slice(0, LONGEST_SHOWN)}…` : words;
  const label = labelName((predicted ?? gold)!.label);
  const agrees = kind === 'correct' || kind === 'missed';
  return [
    ...(agrees
      ? []
      : [action(vscode.l10n.t('Accept {0}: {1}', label, shown), 'anamnese.acceptEntity', target)]),
    ...(kind === 'rejected'
      ? [action(vscode.l10n.t('Restore {0}: {1}', label, shown), 'anamnese.restoreEntity', target)]
      : [
          action(
            agrees
              ? vscode.l10n.t('Remove {0} from Gold: {1}', label, shown)
              : vscode.l10n.t('Reject {0}: {1}', label, shown),
            'anamnese.rejectEntity',
            target,
          ),
        ]),
    action(vscode.l10n.t('Relabel {0}: {1}', label, shown), 'anamnese.relabelEntity', target),
    action(
      vscode.l10n.t('Extend {0} by a Word to the Left: {1}', label, shown),
      'anamnese.extendLeft',
      target,
    ),
    action(
      vscode.l10n.t('Extend {0} by a Word to the Right: {1}', label, shown),
      'anamnese.extendRight',
      target,
    ),
    ...(isSelected
      ? [
          action(
            vscode.l10n.t('Set the Boundaries of {0} to the Selection', label),
            'anamnese.extendToSelection',
            target,
          ),
        ]
      : []),
  ];
}

function action(title: string, command: string, target: unknown): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  made.command = { title, command, arguments: target === undefined ? [] : [target] };
  return made;
}
