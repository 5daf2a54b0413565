import * as vscode from 'vscode';
import type { Difference } from '../../core/correct/differences';
import { escaped, link } from '../hoverText';
import { targetFor } from './target';

/** What can be said of a difference, as links of a hover. */
export function correctionLinks(document: vscode.TextDocument, difference: Difference): string {
  const { kind, gold } = difference;
  const target = targetFor(document, difference);
  const [accept, relabel] = [vscode.l10n.t('accept'), vscode.l10n.t('relabel…')];
  const reject =
    gold && (kind === 'correct' || kind === 'missed')
      ? vscode.l10n.t('remove from gold')
      : vscode.l10n.t('reject');
  const [left, right] = [
    vscode.l10n.t('one word more at the left'),
    vscode.l10n.t('one word more at the right'),
  ];
  const restore = vscode.l10n.t('restore');
  return [
    ...(kind === 'correct' || kind === 'missed' ? [escaped(vscode.l10n.t('in the corpus'))] : []),
    ...(kind === 'correct' || kind === 'missed'
      ? []
      : [link(`$(check) ${accept}`, accept, 'anamnese.acceptEntity', target)]),
    ...(kind === 'rejected'
      ? [link(`$(discard) ${restore}`, restore, 'anamnese.restoreEntity', target)]
      : [link(`$(close) ${reject}`, reject, 'anamnese.rejectEntity', target)]),
    link(`$(arrow-swap) ${relabel}`, relabel, 'anamnese.relabelEntity', target),
    link('$(arrow-left)', left, 'anamnese.extendLeft', target),
    link('$(arrow-right)', right, 'anamnese.extendRight', target),
  ].join(' &nbsp; ');
}
