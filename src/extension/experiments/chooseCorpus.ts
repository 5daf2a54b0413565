import * as vscode from 'vscode';
import type { FoundCorpus } from '../../core/experiments/survey';
import { findCorpora } from '../../protocol/survey';
import { experimentFolders, shownPath } from './folders';
import type { Answer, Place } from './pick';
import { pickOne } from './pick';
import type { Survey } from './survey';

/** The corpora of the workspace; the experiments are no notes. */
export async function corporaOfWorkspace(survey: Survey): Promise<readonly FoundCorpus[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return survey.ask(findCorpora, {
    folders: folders.map(({ uri }) => uri.fsPath),
    skip: experimentFolders().map(({ fsPath }) => fsPath),
  });
}

/** The corpus to work on: the only one, or one of several; undefined where there is none, which the person is told. */
export async function chooseCorpus(
  corpora: readonly FoundCorpus[],
  place: Place,
  last: string | undefined,
): Promise<Answer<FoundCorpus>> {
  const usable = corpora.filter(({ annotated }) => annotated > 0);
  const [only, ...others] = usable;
  if (!only) return void tellNone();
  if (others.length === 0) return { picked: only };
  const items = usable.map((corpus) => ({
    label: shownPath(corpus.path),
    description: corpusInWords(corpus),
    corpus,
  }));
  const answer = await pickOne({
    ...place,
    placeholder: vscode.l10n.t('Which annotated notes?'),
    items,
    active: items.find(({ corpus }) => corpus.path === last),
  });
  return typeof answer === 'object' ? { picked: answer.picked.corpus } : answer;
}

/** `40 notes · 1,551 entities · 12 labels`, and what is amiss. */
export function corpusInWords({ notes, annotated, entities, labels, problems }: FoundCorpus): string {
  const count = (value: number): string => value.toLocaleString(vscode.env.language);
  return [
    vscode.l10n.t('{0} notes', count(notes)),
    ...(annotated < notes
      ? [vscode.l10n.t('{0} of them without annotations', count(notes - annotated))]
      : []),
    vscode.l10n.t('{0} entities', count(entities)),
    vscode.l10n.t('{0} labels', labels.length),
    ...(problems.length > 0 ? [vscode.l10n.t('{0} problems', count(problems.length))] : []),
  ].join(' · ');
}

function tellNone(): void {
  const open = vscode.l10n.t('Open Folder');
  const none = vscode.l10n.t(
    'There are no annotated notes in this workspace: BRAT (.ann beside .txt), doccano, Label Studio, Prodigy, Argilla, CoNLL and SemClinBr’s XML are read.',
  );
  void vscode.window.showInformationMessage(none, open).then((choice) => {
    if (choice === open) void vscode.commands.executeCommand('vscode.openFolder');
  });
}
