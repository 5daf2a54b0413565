import * as vscode from 'vscode';
import { pickOne } from './pick';

/** `mixed` trains encoders and asks language models. */
export type CompareTask = 'train' | 'mixed' | 'evaluate';

/** What `Compare Models` does with them: it trains encoders, or scores models as they are. */
export async function chooseTask(
  title: string,
  last: CompareTask | undefined,
): Promise<CompareTask | undefined> {
  const items = [
    {
      label: vscode.l10n.t('Train each encoder on the corpus'),
      description: vscode.l10n.t('the same settings, splits and seeds for all'),
      task: 'train' as const,
    },
    {
      label: vscode.l10n.t('Train each encoder, and ask language models about the same notes'),
      description: vscode.l10n.t('on the same splits'),
      task: 'mixed' as const,
    },
    {
      label: vscode.l10n.t('Score models as they are'),
      description: vscode.l10n.t('nothing is trained'),
      task: 'evaluate' as const,
    },
  ];
  const active = items.find(({ task }) => task === last);
  const answer = await pickOne({ title, step: 1, steps: 1, placeholder: '', items, active });
  return typeof answer === 'object' ? answer.picked.task : undefined;
}
