import * as vscode from 'vscode';
import type { DeviceChoice } from '../core/ports';
import type { Encoders } from './encoders/encoders';
import { editedNumber, shownNumber } from './numbers';
import { pickOne } from './pickOne';
import type { PredictionService } from './predictionService';
import { readSettings, writeSetting } from './settings';

/** `Select Model`, `Select Device`, `Set Threshold` and the status bar's menu of the three. */
export function registerPickers(
  service: PredictionService,
  context: vscode.ExtensionContext,
  encoders: Encoders,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.selectModel', () => selectModel(context.globalState, encoders)),
    vscode.commands.registerCommand('anamnese.selectDevice', () => selectDevice(service)),
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
  const items = [bundled, ...added, ...known].map((item) => marked(item, item.folder === current));
  const title = vscode.l10n.t('Select Model');
  const picked = await pickOne(title, [...items, browse], ({ folder }) => folder === current, whoseModel());
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

/** A workspace's own model is neither in force nor seen before it is trusted: what is chosen is the person's. */
function whoseModel(): string {
  return vscode.workspace.isTrusted
    ? ''
    : vscode.l10n.t(
        'Restricted Mode: this is your own setting; a model that the workspace sets waits for trust',
      );
}

/** An item with a filled dot and words where it is the one in use, an empty dot where it is not. */
function marked<T extends vscode.QuickPickItem>(item: T, isInUse: boolean): T {
  const label = `${isInUse ? '●' : '○'} ${item.label}`;
  return isInUse
    ? { ...item, label, description: `${item.description} — ${vscode.l10n.t('in use')}` }
    : { ...item, label };
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

/** The setting is what was chosen; what is in use may be another device, which took over from one that failed. */
async function selectDevice({ state }: PredictionService): Promise<void> {
  const chosen = readSettings().device;
  const running = state.kind === 'ready' ? state.model.device : undefined;
  const items = devices().map(({ device, what }) => {
    const standing = [
      ...(device === chosen ? [vscode.l10n.t('chosen')] : []),
      ...(device === running ? [vscode.l10n.t('in use')] : []),
    ];
    const description = standing.length > 0 ? `${what} — ${standing.join(', ')}` : what;
    return { label: device, description, device };
  });
  const picked = await pickOne(vscode.l10n.t('Select Device'), items, ({ device }) => device === chosen);
  if (picked) await writeSetting('device', picked.device);
}

function devices(): { device: DeviceChoice; what: string }[] {
  return [
    {
      device: 'auto',
      what: vscode.l10n.t('the CPU, which works everywhere; choose a graphics card to try it'),
    },
    { device: 'cpu', what: vscode.l10n.t('every machine') },
    { device: 'webgpu', what: vscode.l10n.t('any graphics card, NVIDIA’s too') },
    {
      device: 'cuda',
      what: vscode.l10n.t('NVIDIA, on Linux: its provider is not part of this package (README, Devices)'),
    },
    { device: 'dml', what: vscode.l10n.t('DirectML, on Windows') },
    { device: 'coreml', what: vscode.l10n.t('Core ML, on macOS') },
  ];
}

async function setThreshold(service: PredictionService): Promise<void> {
  const { threshold } = readSettings();
  const own = service.state.kind === 'ready' ? Object.values(service.state.model.thresholds) : [];
  const range =
    own.length > 0 ? `${shownNumber(Math.min(...own))}–${shownNumber(Math.max(...own))}` : shownNumber(0.5);
  const value = await vscode.window.showInputBox({
    title: vscode.l10n.t('Set Threshold'),
    prompt: vscode.l10n.t(
      'Confidence from 0 to 1 that an entity needs, for every label. Empty: each label’s own.',
    ),
    placeHolder: vscode.l10n.t('now {0}', threshold === null ? range : shownNumber(threshold)),
    value: threshold === null ? '' : editedNumber(threshold),
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
