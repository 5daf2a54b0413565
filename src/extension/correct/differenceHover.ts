import * as vscode from 'vscode';
import type { Difference } from '../../core/correct/differences';
import { extent } from '../../core/correct/differences';
import { bar, escaped, HOVER_COMMANDS } from '../hoverText';
import { cssVariable, labelColorId } from '../labelColors';
import { labelName } from '../labelNames';
import { shownNumber } from '../numbers';
import type { PredictionService } from '../predictionService';
import type { ComparedNote, Comparisons } from './comparisons';
import { correctionLinks } from './correctionLinks';
import { kindName, sidesText, SIGNS } from './differenceNames';

/** Longer words are cut where they are shown. */
const LONGEST_SHOWN = 80;

/** Hovering a difference says both sides, and what can be done about it. */
export function registerDifferenceHover(
  comparisons: Comparisons,
  service: PredictionService,
): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { pattern: '**' },
    {
      provideHover(document, position) {
        const compared = comparisons.isDrawn(document.uri) ? comparisons.of(document) : undefined;
        const here = compared ? comparisons.at(document, document.offsetAt(position)) : [];
        if (!compared || here.length === 0) return undefined;
        const labels = service.model?.labels ?? [];
        const text = here.map((one) => differenceText(one, compared, labels)).join('\n\n---\n\n');
        const markdown = new vscode.MarkdownString(text, true);
        markdown.isTrusted = { enabledCommands: [...HOVER_COMMANDS] };
        // For the colour of a label; everything that comes from a note or a model is escaped.
        markdown.supportHtml = true;
        const { start, end } = extent(here[0]!);
        return new vscode.Hover(
          markdown,
          new vscode.Range(document.positionAt(start), document.positionAt(end)),
        );
      },
    },
  );
}

function differenceText(
  difference: Difference,
  { document }: ComparedNote,
  labels: readonly string[],
): string {
  const { kind, gold, predicted } = difference;
  const side = (
    name: string,
    label: string,
    spans: readonly { start: number; end: number }[],
    score: string,
  ): string => {
    const color = cssVariable(labelColorId(label, labels));
    const square = `<span style="color:${color};">■</span> **${escaped(labelName(label))}**`;
    return `| ${name} | ${square} | “${escaped(words(document, spans))}” | ${score} |`;
  };
  const rows = [
    ...(gold ? [side(escaped(vscode.l10n.t('gold')), gold.label, gold.fragments, '')] : []),
    ...(predicted
      ? [
          side(
            escaped(vscode.l10n.t('predicted')),
            predicted.label,
            [predicted],
            `${bar(predicted.score)} **${shownNumber(predicted.score)}**`,
          ),
        ]
      : []),
  ];
  const head = `**${SIGNS[kind]} ${escaped(kindName(kind))}** · ${escaped(sidesText(difference))}`;
  return [
    head,
    ['| | | | |', '| :-- | :-- | :-- | :-- |', ...rows].join('\n'),
    correctionLinks(document, difference),
  ].join('\n\n');
}

function words(document: vscode.TextDocument, spans: readonly { start: number; end: number }[]): string {
  const text = document.getText();
  const all = spans.map(({ start, end }) => text.slice(start, end).replace(/\s+/g, ' ')).join(' … ');
  return all.length > LONGEST_SHOWN ? `${all.slice(0, LONGEST_SHOWN)}…` : all;
}
