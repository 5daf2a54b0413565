import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import type { LabelVisibility } from './labelVisibility';
import type { NoteTracker, TrackedNote } from './noteTracker';
import type { PredictionService } from './predictionService';
import { HOVER_COMMANDS, hoverText } from './hoverText';

/** Hovering a word shows every label there with its confidence, its threshold, and the model that says so. */
export function registerHover(
  tracker: NoteTracker,
  service: PredictionService,
  visibility: LabelVisibility,
): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { pattern: '**' },
    {
      provideHover(document, position) {
        const note = tracker.get(document.uri);
        const { model } = service;
        if (!note || !model) return undefined;
        const here = entitiesAt(note, document.offsetAt(position)).filter(({ label }) =>
          visibility.isVisible(label),
        );
        if (here.length === 0) return undefined;
        const { start, end } = here[0]!;
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        const markdown = new vscode.MarkdownString(hoverText(here, note, model), true);
        markdown.isTrusted = { enabledCommands: [...HOVER_COMMANDS] };
        // For the colour of a label; everything that comes from a note or a model is escaped.
        markdown.supportHtml = true;
        return new vscode.Hover(markdown, range);
      },
    },
  );
}

/** Entities over an offset, the longest first. */
export function entitiesAt({ entities }: TrackedNote, offset: number): Entity[] {
  return entities
    .filter((entity) => entity.start <= offset && offset < entity.end)
    .sort((a, b) => b.end - b.start - (a.end - a.start) || b.score - a.score);
}
