import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import type { LoadedModel } from '../protocol/worker';
import { labelName } from './labelNames';
import type { LabelVisibility } from './labelVisibility';
import type { NoteTracker, TrackedNote } from './noteTracker';
import type { PredictionService } from './predictionService';

/** What the links of a hover may run. */
const COMMANDS = ['anamnese.copyEntity', 'anamnese.nextEntityOfLabel', 'anamnese.hideLabel'] as const;

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
        if (!note || service.state.kind !== 'ready') return undefined;
        const here = entitiesAt(note, document.offsetAt(position)).filter(({ label }) =>
          visibility.isVisible(label),
        );
        if (here.length === 0) return undefined;
        const outermost = here[0]!;
        const range = new vscode.Range(
          document.positionAt(outermost.start),
          document.positionAt(outermost.end),
        );
        return new vscode.Hover(describe(here, note, service.state.model), range);
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

function describe(entities: readonly Entity[], note: TrackedNote, model: LoadedModel): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('', true);
  markdown.isTrusted = { enabledCommands: [...COMMANDS] };
  for (const entity of entities) {
    const threshold = model.thresholds[entity.label] ?? 0.5;
    const shown = vscode.l10n.t('threshold {0}', number(threshold));
    markdown.appendMarkdown(
      `**${plain(labelName(entity.label))}**&nbsp; ${bar(entity.score)} &nbsp;**${number(entity.score)}**`,
    );
    markdown.appendMarkdown(`&nbsp; · ${shown}\n\n`);
    markdown.appendText(`“${words(entity, note)}”`);
    markdown.appendMarkdown(`\n\n${links(entity, note)}\n\n`);
  }
  const time = vscode.l10n.t('{0} ms', Math.round(note.milliseconds));
  markdown.appendMarkdown(`---\n\n${plain(model.name)} · ${model.device} ${model.precision} · ${time}`);
  return markdown;
}

function links(entity: Entity, note: TrackedNote): string {
  const { label, start, end } = entity;
  const uri = note.document.uri.toString();
  return [
    link('$(copy)', vscode.l10n.t('copy'), 'anamnese.copyEntity', { uri, start, end }),
    link('$(arrow-down)', vscode.l10n.t('next {0}', plain(labelName(label))), 'anamnese.nextEntityOfLabel', {
      label,
    }),
    link('$(eye-closed)', vscode.l10n.t('hide {0}', plain(labelName(label))), 'anamnese.hideLabel', {
      label,
    }),
  ].join(' &nbsp; ');
}

function link(icon: string, text: string, command: (typeof COMMANDS)[number], argument: object): string {
  return `[${icon} ${text}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

/** Names that come with a model, so that they stand for themselves in markdown. */
function plain(name: string): string {
  return new vscode.MarkdownString('', true).appendText(name).value;
}

function words({ start, end }: Entity, { document }: TrackedNote): string {
  const text = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end)));
  return text.replace(/\s+/g, ' ').slice(0, 120);
}

function bar(score: number): string {
  const filled = Math.round(score * 10);
  return '▰'.repeat(filled) + '▱'.repeat(10 - filled);
}

function number(value: number): string {
  return value.toLocaleString(vscode.env.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
