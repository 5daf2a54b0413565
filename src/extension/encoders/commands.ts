import * as vscode from 'vscode';
import { errorInWords } from '../refusal';
import { chooseModel, orderOfEntry } from './chooseModel';
import type { Encoders, Order } from './encoders';
import { AddingFailed } from './encoders';
import type { EncoderNode } from './encodersView';
import { hubSettings, TOKEN } from './hubSettings';
import { failureInWords, size, transferInWords } from './words';

/** What a row hands to a command, an order in its place, or nothing. */
type Argument = EncoderNode | Order | undefined;

/** `Add Model`, `Remove Model`, `Set Hugging Face Token` and what rows offer. */
export function registerEncoderCommands(
  encoders: Encoders,
  secrets: vscode.SecretStorage,
): vscode.Disposable {
  const command = (name: string, run: (argument: never) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`anamnese.${name}`, run);
  return vscode.Disposable.from(
    command('addModel', (argument: Argument) => addModel(encoders, secrets, argument)),
    command('removeModel', (node?: EncoderNode) => removeModel(encoders, node)),
    command('revealModel', ({ entry }: EncoderNode) => {
      if (entry.added)
        void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(entry.added.folder));
    }),
    command('refreshEncoders', () => encoders.changed()),
    command('setHubToken', () => setToken(secrets)),
  );
}

/** @returns the folder of the encoder, undefined where it was not added */
async function addModel(
  encoders: Encoders,
  secrets: vscode.SecretStorage,
  argument: Argument,
): Promise<string | undefined> {
  const order = orderOf(argument) ?? (await chooseModel(encoders));
  if (!order) return undefined;
  const name = order.kind === 'hub' ? order.id : order.folder;
  const title = vscode.l10n.t('Adding {0}', name);
  const shown = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    const whole = order.kind === 'hub' ? { ...order, ...(await hubSettings(secrets)) } : order;
    const added = await vscode.window.withProgress(shown, (progress, token) => {
      let percent = 0;
      return encoders.add(whole, token, (told) => {
        const now = (100 * told.doneBytes) / Math.max(1, told.totalBytes);
        progress.report({ message: transferInWords(told), increment: now - percent });
        percent = now;
      });
    });
    if (added) void offerUse(name, added.fetchedBytes);
    return added?.folder;
  } catch (error) {
    void showFailure(error as Error, order);
    return undefined;
  }
}

function orderOf(argument: Argument): Order | undefined {
  if (argument === undefined || !('entry' in argument)) return argument;
  return orderOfEntry(argument.entry);
}

async function offerUse(name: string, bytes: number): Promise<void> {
  const train = vscode.l10n.t('Train on Workspace Corpus');
  const fetched = bytes > 0 ? ` (${size(bytes)})` : '';
  const text = vscode.l10n.t('{0} is at hand now{1}.', name, fetched);
  if ((await vscode.window.showInformationMessage(text, train)) === train)
    await vscode.commands.executeCommand('anamnese.trainOnCorpus');
}

async function showFailure(error: Error, order: Order): Promise<void> {
  const failure = error instanceof AddingFailed ? error.failure : undefined;
  const again = vscode.l10n.t('Try Again');
  const token = vscode.l10n.t('Set Hugging Face Token');
  const needsToken = ['denied', 'gated', 'token'].includes(failure?.problem ?? '');
  const buttons = failure?.problem === 'unusable' ? [] : needsToken ? [token, again] : [again];
  const text = failure ? failureInWords(failure) : errorInWords(error);
  const choice = await vscode.window.showErrorMessage(text, ...buttons);
  if (choice === token) await vscode.commands.executeCommand('anamnese.setHubToken');
  if (choice === again) await vscode.commands.executeCommand('anamnese.addModel', order);
}

async function removeModel(encoders: Encoders, node: EncoderNode | undefined): Promise<void> {
  const entry = node?.entry ?? (await chooseAdded(encoders));
  if (!entry) return;
  const yes = vscode.l10n.t('Delete');
  const bytes = entry.added?.bytes ?? entry.begun?.doneBytes ?? 0;
  const question = vscode.l10n.t('Delete {0} ({1}) from this machine?', entry.id, size(bytes));
  const detail = vscode.l10n.t('What was trained with it stays.');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
  await encoders
    .remove(entry.id)
    .catch((error: Error) => void vscode.window.showErrorMessage(errorInWords(error)));
}

async function chooseAdded(encoders: Encoders): Promise<EncoderNode['entry'] | undefined> {
  const there = (await encoders.list()).filter(({ added, begun }) => added ?? begun);
  const title = vscode.l10n.t('Remove Model');
  if (there.length === 0)
    return void vscode.window.showInformationMessage(vscode.l10n.t('No encoder was added yet.'));
  const items = there.map((entry) => ({ label: entry.id, description: size(entry.bytes), entry }));
  return (await vscode.window.showQuickPick(items, { title }))?.entry;
}

async function setToken(secrets: vscode.SecretStorage): Promise<void> {
  const token = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Hugging Face Token'),
    prompt: vscode.l10n.t(
      'A token that may read models, kept in the system’s secret storage and sent to the hub or your mirror alone. Empty: take it away.',
    ),
    placeHolder: 'hf_…',
    password: true,
    ignoreFocusOut: true,
  });
  if (token === undefined) return;
  if (token.trim() === '') await secrets.delete(TOKEN);
  else await secrets.store(TOKEN, token.trim());
}
