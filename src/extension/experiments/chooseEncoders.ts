import path from 'node:path';
import * as vscode from 'vscode';
import type { FoundEncoder } from '../../core/experiments/survey';
import type { TrainedModel } from '../../core/experiments/trainedModels';
import { findEncoders } from '../../protocol/survey';
import { readSettings } from '../settings';
import { shownPath } from './folders';
import type { Answer, Place } from './pick';
import { pickMany, pickOne } from './pick';
import type { Survey } from './survey';
import { decimals, planName, runName } from './words';

/** Where encoders may lie besides the workspace: those that came with the extension and those in use. */
export async function knownEncoders(
  survey: Survey,
  defaultModel: string,
  more: readonly string[],
): Promise<readonly FoundEncoder[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const { model } = readSettings();
  const places = [defaultModel, ...(model ? [model] : []), ...more, ...folders];
  return survey.ask(findEncoders, { folders: places, skip: [] });
}

export interface EncoderItem extends vscode.QuickPickItem {
  /** Undefined: another folder, or a heading. */
  readonly encoder: FoundEncoder | undefined;
}

export interface EncoderChoice extends Place {
  readonly placeholder: string;
  readonly many: boolean;
  /** Only encoders that mark notes already. */
  readonly marking: boolean;
  readonly last: readonly string[];
  readonly defaultModel: string;
  /** Where encoders that were added are kept. */
  readonly encodersFolder: string;
  /** Those of `known` that runs of plans left. */
  readonly trained: readonly TrainedModel[];
}

/** Asks for one encoder or several; a folder elsewhere is browsed for, and `look` says what it is. */
export async function chooseEncoders(
  known: readonly FoundEncoder[],
  choice: EncoderChoice,
  look: (folder: string) => Promise<FoundEncoder | undefined>,
): Promise<Answer<readonly FoundEncoder[]>> {
  const items = encoderItems(known, choice);
  const question = { ...choice, items };
  const isLast = ({ encoder }: EncoderItem): boolean => !!encoder && choice.last.includes(encoder.path);
  const answer = choice.many
    ? await pickMany(question, isLast)
    : await single(pickOne({ ...question, active: items.find(isLast) }));
  if (typeof answer !== 'object') return answer;
  const picked = answer.picked.flatMap(({ encoder }) => encoder ?? []);
  if (picked.length === answer.picked.length) return { picked };
  const other = await browse(look, choice.marking);
  return other ? { picked: [...picked, other] } : chooseEncoders(known, choice, look);
}

async function single<T>(answer: Promise<Answer<T>>): Promise<Answer<readonly T[]>> {
  const one = await answer;
  return typeof one === 'object' ? { picked: [one.picked] } : one;
}

/** Encoders, then models that plans trained, by plan, strategy and seed, then a folder elsewhere. */
export function encoderItems(
  known: readonly FoundEncoder[],
  {
    marking,
    defaultModel,
    encodersFolder,
    trained,
  }: Pick<EncoderChoice, 'marking' | 'defaultModel' | 'encodersFolder' | 'trained'>,
): EncoderItem[] {
  const fit = known.filter(({ labels }) => !marking || labels.length > 0);
  const isTrained = new Set(trained.map(({ folder }) => folder));
  const items = fit
    .filter(({ path: folder }) => !isTrained.has(folder))
    .map((encoder) => ({
      label: encoder.name,
      description: encoderInWords(encoder),
      detail: whereabouts(encoder.path, defaultModel, encodersFolder),
      encoder,
    }));
  const other = `$(folder-opened) ${vscode.l10n.t('Choose a folder…')}`;
  return [...items, ...trainedItems(fit, trained), { label: other, encoder: undefined }];
}

function trainedItems(known: readonly FoundEncoder[], trained: readonly TrainedModel[]): EncoderItem[] {
  const items = trained.flatMap(({ folder, plan, run, microF1 }): EncoderItem[] => {
    const encoder = known.find((one) => one.path === folder);
    if (!encoder) return [];
    const { label, date } = planName(plan.name);
    const figure =
      microF1 === undefined ? [] : [vscode.l10n.t('micro F1 {0} on its test notes', decimals(microF1, 3))];
    return [
      {
        label: runName(run),
        description: [label, date].filter(Boolean).join(' · '),
        detail: [encoderInWords(encoder), ...figure].join(' · '),
        encoder,
      },
    ];
  });
  const kind = vscode.QuickPickItemKind.Separator;
  const heading = { label: vscode.l10n.t('Trained by plans'), kind, encoder: undefined };
  return items.length === 0 ? [] : [heading, ...items];
}

function whereabouts(place: string, defaultModel: string, encodersFolder: string): string {
  if (place === defaultModel) return vscode.l10n.t('bundled');
  return place.startsWith(encodersFolder + path.sep) ? vscode.l10n.t('added') : shownPath(place);
}

/** `bert · 12 layers of 384`. */
function encoderInWords({ family, layers, hiddenSize, labels }: FoundEncoder): string {
  const size = vscode.l10n.t('{0} layers of {1}', layers, hiddenSize);
  return [family, size, ...(labels.length > 0 ? [vscode.l10n.t('{0} outputs', labels.length)] : [])].join(
    ' · ',
  );
}

async function browse(
  look: (folder: string) => Promise<FoundEncoder | undefined>,
  marking: boolean,
): Promise<FoundEncoder | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Use this encoder'),
    title: vscode.l10n.t('A folder with config.json, weights and tokenizer files'),
  });
  const folder = picked?.[0]?.fsPath;
  if (folder === undefined) return undefined;
  const found = await look(folder);
  if (found && (!marking || found.labels.length > 0)) return found;
  const none = marking
    ? vscode.l10n.t('{0}: no encoder that marks notes is in this folder.', path.basename(folder))
    : vscode.l10n.t(
        '{0}: no encoder of the BERT or ModernBERT family is in this folder.',
        path.basename(folder),
      );
  void vscode.window.showErrorMessage(none);
  return undefined;
}
