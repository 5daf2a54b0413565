import * as vscode from 'vscode';
import type { Side } from '../../core/correct/boundaries';
import { extended, shortened, trimmed } from '../../core/correct/boundaries';
import type { Annotation } from '../../core/corpus/document';
import { labelName } from '../labelNames';
import type { PredictionService } from '../predictionService';
import { isNote } from '../settings';
import type { Comparisons } from './comparisons';
import type { Corrections } from './corrections';
import type { Target, Targeted } from './target';
import { findTarget } from './target';

/** Accept, reject, relabel, extend, add and undo: what hover links, code actions, rows and keys run. */
export function registerCorrectionCommands(
  comparisons: Comparisons,
  corrections: Corrections,
  service: PredictionService,
): vscode.Disposable {
  /** Runs an action on what is meant, or says that there is nothing. */
  const on =
    (action: (targeted: Targeted) => Promise<boolean>) =>
    async (target?: Target): Promise<boolean> => {
      const found = findTarget(comparisons, target);
      if (found) return action(found);
      void vscode.window.setStatusBarMessage(vscode.l10n.t('No entity here'), 3000);
      return false;
    };
  const byWord = (side: Side, change: typeof extended): ((target?: Target) => Promise<boolean>) =>
    on(({ document, difference }) =>
      corrections.change(document, difference, (from) => change(document.getText(), from, side)),
    );
  const commands: Readonly<Record<string, (...given: never[]) => unknown>> = {
    acceptEntity: on(({ document, difference }) => corrections.accept(document, difference)),
    rejectEntity: on(({ document, difference }) => corrections.reject(document, difference)),
    restoreEntity: on(({ document, difference }) => corrections.restore(document, difference)),
    relabelEntity: async (target?: Target & { label?: string }) =>
      on(async ({ document, difference }) => {
        const now = difference.gold?.label ?? difference.predicted?.label;
        const label = target?.label ?? (await pickLabel(comparisons, service, document, now));
        return label !== undefined && corrections.relabel(document, difference, label);
      })(target?.uri ? target : undefined),
    extendLeft: byWord('left', extended),
    extendRight: byWord('right', extended),
    shortenLeft: byWord('left', shortened),
    shortenRight: byWord('right', shortened),
    extendToSelection: async (target?: Target) => {
      const selected = selection();
      if (!selected) return tellToSelect();
      return on(({ document, difference }) =>
        corrections.change(document, difference, ({ label }) => ({ label, fragments: selected.fragments })),
      )(target);
    },
    addEntity: async (given?: { label?: string }) => {
      const selected = selection();
      if (!selected) return tellToSelect();
      const { document, fragments } = selected;
      const label = given?.label ?? (await pickLabel(comparisons, service, document, undefined));
      return label !== undefined && corrections.add(document, { label, fragments });
    },
    undoCorrection: async () => {
      if (await corrections.undo()) return true;
      void vscode.window.setStatusBarMessage(vscode.l10n.t('No correction to undo'), 3000);
      return false;
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`anamnese.${name}`, run as (...given: unknown[]) => unknown),
    ),
  );
}

/** What is selected in the active note, without white space at its ends; several selections are fragments. */
function selection(): { document: vscode.TextDocument; fragments: Annotation['fragments'] } | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isNote(editor.document)) return undefined;
  const { document } = editor;
  const spans = editor.selections.flatMap(
    ({ start, end }) =>
      trimmed(document.getText(), { start: document.offsetAt(start), end: document.offsetAt(end) }) ?? [],
  );
  return spans.length === 0 ? undefined : { document, fragments: spans.sort((a, b) => a.start - b.start) };
}

function tellToSelect(): boolean {
  void vscode.window.showInformationMessage(vscode.l10n.t('Select the words first.'));
  return false;
}

async function pickLabel(
  comparisons: Comparisons,
  service: PredictionService,
  document: vscode.TextDocument,
  now: string | undefined,
): Promise<string | undefined> {
  const inGold = comparisons.of(document)?.gold?.annotations.map(({ label }) => label) ?? [];
  const labels = [...new Set([...(service.model?.labels ?? []), ...inGold])];
  const items = labels
    .filter((label) => label !== now)
    .map((label) => ({
      label: labelName(label),
      description: labelName(label) === label ? '' : label,
      name: label,
    }));
  const title =
    now === undefined ? vscode.l10n.t('Label') : vscode.l10n.t('Label instead of {0}', labelName(now));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.name;
}
