import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import type { LabelVisibility } from './labelVisibility';
import type { NoteTracker } from './noteTracker';
import type { PredictionService } from './predictionService';
import type { Comparisons } from './correct/comparisons';
import { correctionLinks } from './correct/correctionLinks';
import { entitiesAt } from './entitiesAt';
import { HOVER_COMMANDS, hoverText } from './hoverText';

/** Hovering a word shows every label there with its confidence, its threshold, and the model that says so. */
export function registerHover(
  tracker: NoteTracker,
  service: PredictionService,
  visibility: LabelVisibility,
  comparisons: Comparisons,
): vscode.Disposable {
  const linksFor = (entity: Entity, document: vscode.TextDocument): string => {
    const compared = comparisons.of(document);
    const difference = compared?.differences.find(({ predicted }) => predicted === entity);
    return difference ? correctionLinks(document, difference) : '';
  };
  return vscode.languages.registerHoverProvider(
    { pattern: '**' },
    {
      provideHover(document, position) {
        const note = tracker.get(document.uri);
        const { model } = service;
        if (!note || !model || comparisons.isDrawn(document.uri)) return undefined;
        const here = entitiesAt(comparisons.kept(note), document.offsetAt(position)).filter(({ label }) =>
          visibility.isVisible(label),
        );
        if (here.length === 0) return undefined;
        const { start, end } = here[0]!;
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        const markdown = new vscode.MarkdownString(
          hoverText(here, note, model, (entity) => linksFor(entity, document)),
          true,
        );
        markdown.isTrusted = { enabledCommands: [...HOVER_COMMANDS] };
        // For the colour of a label; everything that comes from a note or a model is escaped.
        markdown.supportHtml = true;
        return new vscode.Hover(markdown, range);
      },
    },
  );
}
