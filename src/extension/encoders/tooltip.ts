import * as vscode from 'vscode';
import type { LibraryEntry } from '../../core/library/library';
import type { PublishedEncoder, SchemeFigures } from '../../core/library/published';
import { refusalInWords } from '../refusal';
import { decimals } from '../experiments/words';
import { licenceInWords, shapeInWords, stateInWords } from './words';

/** All that is known of an encoder, its figures in the study as a table. */
export function encoderTooltip(entry: LibraryEntry): vscode.MarkdownString {
  const { id, published, added } = entry;
  const text = new vscode.MarkdownString();
  const line = (words: string): void => void text.appendText(words).appendMarkdown('\n\n');
  text.appendMarkdown('**').appendText(id).appendMarkdown('**\n\n');
  line(stateInWords(entry));
  line(shapeInWords(entry));
  line([...(published ? [published.tokenizer] : []), licenceInWords(entry)].join(' · '));
  if (added?.commit) line(vscode.l10n.t('commit {0}', added.commit.slice(0, 12)));
  if (added) line(added.folder);
  if (added?.problem) line(refusalInWords(added.problem));
  if (published) text.appendMarkdown(figuresTable(published.study));
  return text;
}

function figuresTable({ semClinBr, breastCancer }: PublishedEncoder['study']): string {
  const title = vscode.l10n.t('F1 in the study, micro / macro, the best threshold of the test part');
  const breast = vscode.l10n.t('breast cancer');
  return [
    `${title}\n`,
    '| | IO | BIO |',
    '|---|---|---|',
    row('SemClinBr', semClinBr),
    row(breast, breastCancer),
  ].join('\n');
}

function row(corpus: string, { io, bio }: SchemeFigures): string {
  const cell = ({ micro, macro }: SchemeFigures['io']): string =>
    `${decimals(micro, 4)} / ${decimals(macro, 4)}`;
  return `| ${corpus} | ${cell(io)} | ${cell(bio)} |`;
}
