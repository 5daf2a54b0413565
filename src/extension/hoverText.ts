import * as vscode from 'vscode';
import abbreviationLines from '../../training/lexicon/abbreviations.tsv';
import { abbreviationsIn, parseAbbreviations } from '../core/labels/abbreviations';
import type { Entity } from '../core/text/entity';
import { countOccurrences } from '../core/text/occurrences';
import type { LoadedModel } from '../protocol/worker';
import { cssVariable, labelColorId } from './labelColors';
import { labelName } from './labelNames';
import type { TrackedNote } from './noteTracker';
import { shownNumber } from './numbers';
import { readSettings } from './settings';

/** What the links of a hover may run. */
export const HOVER_COMMANDS = [
  'anamnese.copyEntity',
  'anamnese.findWords',
  'anamnese.nextEntityOfLabel',
  'anamnese.hideLabel',
  'anamnese.acceptEntity',
  'anamnese.rejectEntity',
  'anamnese.restoreEntity',
  'anamnese.relabelEntity',
  'anamnese.extendLeft',
  'anamnese.extendRight',
  'anamnese.extendToSelection',
] as const;

/** Longer words are cut where they are shown; they are searched for whole. */
const LONGEST_SHOWN = 120;

const abbreviations = parseAbbreviations(abbreviationLines);

/** The markdown of a hover: a table of labels for each stretch of words, the longest first, and who says so. */
export function hoverText(
  entities: readonly Entity[],
  note: TrackedNote,
  model: LoadedModel,
  linksOf: (entity: Entity) => string,
): string {
  const stretches = new Map<string, Entity[]>();
  for (const entity of entities) {
    const key = `${entity.start} ${entity.end}`;
    stretches.set(key, [...(stretches.get(key) ?? []), entity]);
  }
  const time = vscode.l10n.t('{0} ms', Math.round(note.milliseconds));
  const source = `${escaped(model.name)} · ${model.device} ${model.precision} · ${time}`;
  return [
    ...[...stretches.values()].map((labels) => stretchText(labels, note, model, linksOf)),
    '---',
    source,
  ].join('\n\n');
}

/** Labels on the same words: the words at the head of a table, a row a label, and what can be done with the words. */
function stretchText(
  entities: readonly Entity[],
  note: TrackedNote,
  model: LoadedModel,
  linksOf: (entity: Entity) => string,
): string {
  const words = wordsOf(entities[0]!, note);
  const shown = words.length > LONGEST_SHOWN ? `${words.slice(0, LONGEST_SHOWN)}…` : words;
  const rows = entities.map((entity) => `| ${cells(entity, model).join(' | ')} |`);
  const table = [`| “${escaped(shown)}” | | | | |`, '| :-- | :-- | --: | :-- | :-- |', ...rows].join('\n');
  const meanings = abbreviationsIn(words, abbreviations).map(({ short, long }) =>
    escaped(vscode.l10n.t('{0} often stands for {1}', short, long.join(' / '))),
  );
  const corrections = entities.map((entity) => {
    const links = linksOf(entity);
    return links && entities.length > 1 ? `${escaped(labelName(entity.label))}: ${links}` : links;
  });
  return [table, ...meanings, ...corrections.filter(Boolean), wordLinks(entities[0]!, words, note)].join(
    '\n\n',
  );
}

function cells({ label, score, start, end }: Entity, model: LoadedModel): string[] {
  const name = labelName(label);
  const color = cssVariable(labelColorId(label, model.labels));
  const threshold = vscode.l10n.t('threshold {0}', shownNumber(model.thresholds[label] ?? 0.5));
  const low = score < readSettings().lowConfidence ? ` · ${vscode.l10n.t('low confidence')}` : '';
  const next = vscode.l10n.t('next {0}', name);
  const hide = vscode.l10n.t('hide {0}', name);
  return [
    `<span style="color:${color};">■</span> **${escaped(name)}**`,
    bar(score),
    `**${shownNumber(score)}**`,
    threshold + low,
    [
      link('$(arrow-down)', next, 'anamnese.nextEntityOfLabel', { label, from: { start, end } }),
      link('$(eye-closed)', hide, 'anamnese.hideLabel', { label }),
    ].join('&nbsp;'),
  ];
}

function wordLinks({ start, end }: Entity, words: string, { document }: TrackedNote): string {
  const copy = vscode.l10n.t('copy');
  const links = [
    link(`$(copy) ${copy}`, copy, 'anamnese.copyEntity', { uri: document.uri.toString(), start, end }),
  ];
  const count = countOccurrences(document.getText(), words);
  if (count > 1) {
    const all = vscode.l10n.t('find all {0} in the note', count);
    links.push(link(`$(search) ${all}`, all, 'anamnese.findWords', { words, start, end }));
  }
  return links.join(' &nbsp; ');
}

export function link(
  text: string,
  title: string,
  command: (typeof HOVER_COMMANDS)[number],
  argument: object,
): string {
  return `[${text}](command:${command}?${encodeURIComponent(JSON.stringify([argument])).replace(/[()']/g, percent)} "${escaped(title)}")`;
}

/** `encodeURIComponent` leaves a few characters that would end a markdown link. */
function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

/** Words of a note or of a model as they are, whatever they would mean in markdown or HTML. */
export function escaped(words: string): string {
  return words.replace(/[^\p{L}\p{M}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)!};`);
}

function wordsOf({ start, end }: Entity, { document }: TrackedNote): string {
  const text = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end)));
  return text.replace(/\s+/g, ' ');
}

export function bar(score: number): string {
  const filled = Math.round(score * 10);
  return '▰'.repeat(filled) + '▱'.repeat(10 - filled);
}
