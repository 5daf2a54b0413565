import * as vscode from 'vscode';
import type { FoundEncoder } from '../../core/experiments/survey';
import type { Place } from './pick';
import { pickOne } from './pick';
import { notesName } from './words';

type Notes = 'test' | 'own' | 'all';

/** Which notes models are scored on: those that a model has learnt from would flatter it. */
export async function chooseNotes(
  place: Place,
  models: readonly FoundEncoder[],
  last: Notes | undefined,
): Promise<Notes | 'back' | undefined> {
  const own = models.every(({ hasSplit }) => hasSplit);
  const why: Record<Notes, string> = {
    own: vscode.l10n.t('notes that it has not learnt from; only for models trained on this corpus'),
    all: vscode.l10n.t('for models that have seen none of these notes'),
    test: vscode.l10n.t('a fifth of the notes, to compare with runs that train'),
  };
  const choices: Notes[] = own ? ['own', 'all', 'test'] : ['all', 'test'];
  const items = choices.map((notes) => ({ label: notesName(notes), detail: why[notes], notes }));
  const active = items.find(({ notes }) => notes === last);
  const answer = await pickOne({ ...place, placeholder: vscode.l10n.t('Which notes?'), items, active });
  return typeof answer === 'object' ? answer.picked.notes : answer;
}
