import * as vscode from 'vscode';
import type { DeviceChoice } from '../core/ports';
import type { Encoders } from './encoders/encoders';
import { readSettings, writeSetting } from './settings';
import type { PredictionService } from './predictionService';

/** `Select Model`, `Select Device`, `Set Threshold` and the status bar's menu of the three. */
export function registerPickers(
  service: PredictionService,
  context: vscode.ExtensionContext,
  encoders: Encoders,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.selectModel', () => selectModel(context.globalState, encoders)),
    vscode.commands.registerCommand('anamnese.selectDevice', selectDevice),
    vscode.commands.registerCommand('anamnese.setThreshold', () => setThreshold(service)),
    vscode.commands.registerCommand('anamnese.openMenu', openMenu),
  );
}

const RECENT_MODELS = 'recentModels';

async function selectModel(memory: vscode.Memento, encoders: Encoders): Promise<void> {
  const current = readSettings().model;
  const recent = new Set([...(current ? [current] : []), ...memory.get<string[]>(RECENT_MODELS, [])]);
  const bundled = { label: 'anamnese-default', description: vscode.l10n.t('bundled'), folder: '' };
  const added = await markingEncoders(encoders);
  const known = [...recent]
    .filter((folder) => !added.some((one) => one.folder === folder))
    .map((folder) => ({ label: folder.split(/[\\/]/).at(-1)!, description: folder, folder }));
  const browse = { label: `$(folder-opened) ${vscode.l10n.t('Choose a folder…')}`, folder: undefined };
  const items = [bundled, ...added, ...known].map((item) => ({ ...item, picked: item.folder === current }));
  const title = vscode.l10n.t('Select Model');
  const picked = await vscode.window.showQuickPick([...items, browse], { title, matchOnDescription: true });
  if (!picked) return;
  const folder = picked.folder ?? (await browseForModel());
  if (folder === undefined) return;
  if (folder)
    await memory.update(
      RECENT_MODELS,
      [folder, ...[...recent].filter((other) => other !== folder)].slice(0, 8),
    );
  await writeSetting('model', folder);
}

/** Those that were added and mark notes already; others are for training. */
async function markingEncoders(
  encoders: Encoders,
): Promise<{ label: string; description: string; folder: string }[]> {
  const entries = await encoders.list().catch(() => []);
  return entries.flatMap(({ id, added }) =>
    added && added.labels.length > 0 && added.problem === undefined
      ? [{ label: id, description: vscode.l10n.t('added'), folder: added.folder }]
      : [],
  );
}

async function browseForModel(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Use this encoder'),
    title: vscode.l10n.t('A folder with config.json, weights and tokenizer files'),
  });
  return picked?.[0]?.fsPath;
}

async function selectDevice(): Promise<void> {
  const current = readSettings().device;
  const item = (
    device: DeviceChoice,
    description: string,
  ): vscode.QuickPickItem & { device: DeviceChoice } => ({
    label: device,
    description: device === current ? `${description} — ${vscode.l10n.t('in use')}` : description,
    device,
  });
  const items = [
    item('auto', vscode.l10n.t('the best device that works here')),
    item('cpu', vscode.l10n.t('every machine')),
    item('webgpu', vscode.l10n.t('any graphics card')),
    item('cuda', vscode.l10n.t('NVIDIA, with CUDA installed')),
    item('dml', vscode.l10n.t('DirectML, on Windows')),
    item('coreml', vscode.l10n.t('Core ML, on macOS')),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Select Device') });
  if (picked) await writeSetting('device', picked.device);
}

async function setThreshold(service: PredictionService): Promise<void> {
  const { threshold } = readSettings();
  const own = service.state.kind === 'ready' ? Object.values(service.state.model.thresholds) : [];
  const range = own.length > 0 ? `${Math.min(...own).toFixed(2)}–${Math.max(...own).toFixed(2)}` : '0.5';
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Threshold'),
    prompt: vscode.l10n.t(
      'Confidence from 0 to 1 that an entity needs, for every label. Empty: each label’s own.',
    ),
    placeHolder: vscode.l10n.t('now {0}', threshold ?? range),
    value: threshold === null ? '' : String(threshold),
    validateInput: (text) =>
      parseThreshold(text) === undefined ? vscode.l10n.t('A number from 0 to 1') : undefined,
  });
  if (value !== undefined) await writeSetting('threshold', parseThreshold(value) ?? null);
}

/** Null for an empty text, undefined for one that is no threshold. A decimal comma is as good as a point. */
export function parseThreshold(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text.replace(',', '.'));
  return value >= 0 && value <= 1 ? value : undefined;
}

async function openMenu(): Promise<void> {
  const items = [
    { label: `$(package) ${vscode.l10n.t('Select Model')}`, command: 'anamnese.selectModel' },
    { label: `$(chip) ${vscode.l10n.t('Select Device')}`, command: 'anamnese.selectDevice' },
    { label: `$(settings) ${vscode.l10n.t('Set Threshold')}`, command: 'anamnese.setThreshold' },
    { label: `$(export) ${vscode.l10n.t('Export Entities')}`, command: 'anamnese.exportEntities' },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Anamnese' });
  if (picked) await vscode.commands.executeCommand(picked.command);
}
