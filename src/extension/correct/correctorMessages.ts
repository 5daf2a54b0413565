import * as vscode from 'vscode';
import type { Refusal } from '../../core/correct/correction';
import type { Gold } from './readGold';

/** Says why a correction was not made, and what to do. */
export function tellRefusal(refusal: Refusal, { file, format }: Gold): void {
  void vscode.window.showWarningMessage(refusalText(refusal, vscode.workspace.asRelativePath(file), format));
}

function refusalText(refusal: Refusal, name: string, format: string): string {
  switch (refusal) {
    case 'format':
      return vscode.l10n.t(
        '{0} is {1}, which is shown but not corrected in place: BRAT, doccano, Prodigy and marked notes are. Convert it with "anamnese convert".',
        name,
        format,
      );
    case 'gone':
      return vscode.l10n.t('{0} has changed: this annotation is not in it any more.', name);
    case 'label':
      return vscode.l10n.t('{0} cannot hold a label of this name.', name);
    case 'span':
      return vscode.l10n.t(
        '{0} cannot hold this span: marked notes have no place for one that crosses another, or is discontinuous.',
        name,
      );
    case 'unsafe':
      return vscode.l10n.t(
        '{0} was left as it is: it would not be read back as corrected. Check the file for problems.',
        name,
      );
  }
}

/** Relations, events and notes of BRAT go with what they point at. */
export async function confirmDependents(dependents: readonly string[], file: vscode.Uri): Promise<boolean> {
  const remove = vscode.l10n.t('Remove All');
  const ids = dependents.map((line) => line.split('\t')[0]).join(', ');
  const sentence = vscode.l10n.t(
    'In {0}, {1} other lines point at this annotation ({2}) and go, or lose it, with it.',
    vscode.workspace.asRelativePath(file),
    dependents.length,
    ids,
  );
  return (await vscode.window.showWarningMessage(sentence, { modal: true }, remove)) === remove;
}

/** A note that is in no corpus yet. */
export async function offerAnn(ann: vscode.Uri): Promise<boolean> {
  const name = ann.path.split('/').at(-1)!;
  const create = vscode.l10n.t('Create {0}', name);
  const sentence = vscode.l10n.t(
    'No corpus file holds this note. Its annotations can stand in a file beside it.',
  );
  return (await vscode.window.showInformationMessage(sentence, create)) === create;
}

/** Annotations beside a note that are not this note's. */
export function tellUnreadable(ann: vscode.Uri): void {
  void vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} cannot be read as the annotations of this note. Check the file for problems.',
      vscode.workspace.asRelativePath(ann),
    ),
  );
}
