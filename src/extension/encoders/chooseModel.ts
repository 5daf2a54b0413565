import * as vscode from 'vscode';
import type { LibraryEntry } from '../../core/library/library';
import { isHubId } from '../../core/library/names';
import type { Encoders, Order } from './encoders';
import { licenceInWords, shapeInWords, stateInWords } from './words';

interface ModelItem extends vscode.QuickPickItem {
  readonly entry?: LibraryEntry;
  readonly other?: 'hub' | 'folder';
}

/** What a person wants to add: one of the study's encoders, another of the hub, or a folder. */
export async function chooseModel(encoders: Encoders): Promise<Order | undefined> {
  const title = vscode.l10n.t('Add Model');
  const placeHolder = vscode.l10n.t('An encoder of the study, another one of the hub, or a folder');
  const picked = await vscode.window.showQuickPick<ModelItem>(items(encoders), {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.other === 'hub') return askForId(title);
  if (picked?.other === 'folder') return browse(title);
  return picked?.entry && orderOfEntry(picked.entry);
}

/** What was begun goes on only where the same revision is asked for. */
export function orderOfEntry({ id, begun }: LibraryEntry): Order {
  return { kind: 'hub', id, ...(begun && { revision: begun.revision }) };
}

async function items(encoders: Encoders): Promise<ModelItem[]> {
  const entries = (await encoders.list()).filter(({ published, begun }) => published ?? begun);
  return [
    ...entries.map((entry) => ({
      label: entry.name,
      description: entry.name === entry.id ? '' : entry.id,
      detail: [stateInWords(entry), shapeInWords(entry), licenceInWords(entry)].join(' · '),
      entry,
    })),
    { label: `$(cloud-download) ${vscode.l10n.t('Another model of the hub…')}`, other: 'hub' },
    { label: `$(folder-opened) ${vscode.l10n.t('Choose a folder…')}`, other: 'folder' },
  ];
}

async function askForId(title: string): Promise<Order | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('The model’s id on the hub: owner/name. A revision may follow an @.'),
    placeHolder: 'neuralmind/bert-base-portuguese-cased',
    ignoreFocusOut: true,
    validateInput: (value) =>
      parseModelId(value) ? undefined : vscode.l10n.t('An id such as owner/name is needed'),
  });
  return text === undefined ? undefined : parseModelId(text);
}

/** `owner/name` or `owner/name@revision`, also as the address of its page. */
export function parseModelId(text: string): Order | undefined {
  const [id = '', revision] = text
    .trim()
    .replace(/^https:\/\/huggingface\.co\//, '')
    .replace(/\/$/, '')
    .split('@');
  if (!isHubId(id) || revision === '') return undefined;
  return { kind: 'hub', id, ...(revision === undefined ? {} : { revision }) };
}

async function browse(title: string): Promise<Order | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: title,
    title: vscode.l10n.t('A folder with config.json, weights and tokenizer files'),
  });
  return picked?.[0] && { kind: 'folder', folder: picked[0].fsPath };
}
