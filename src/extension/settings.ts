import * as vscode from 'vscode';
import type { DeviceChoice, Precision } from '../core/ports';
import { NOTE_SCHEME } from './correct/noteScheme';

export type LabelTags = 'auto' | 'always' | 'never';

/** The extension's settings as they are now. Always read afresh: a person may change them at any time. */
export interface Settings {
  readonly enabled: boolean;
  readonly languages: readonly string[];
  readonly files: readonly string[];
  readonly model: string;
  readonly device: DeviceChoice;
  readonly precision: Precision | 'auto';
  readonly threshold: number | null;
  readonly lowConfidence: number;
  readonly labelTags: LabelTags;
  readonly hiddenLabels: readonly string[];
}

const SECTION = 'anamnese';

export function readSettings(): Settings {
  const all = vscode.workspace.getConfiguration(SECTION);
  return {
    ...noteSettings(all),
    model: all.get('model', ''),
    device: all.get<DeviceChoice>('device', 'auto'),
    precision: all.get<Precision | 'auto'>('precision', 'auto'),
    threshold: all.get<number | null>('threshold', null),
    lowConfidence: all.get('lowConfidence', 0.6),
    labelTags: all.get<LabelTags>('labelTags', 'auto'),
    hiddenLabels: all.get<string[]>('hiddenLabels', []),
  };
}

/** What is read for every document that comes in sight. */
function noteSettings(all: vscode.WorkspaceConfiguration): Pick<Settings, 'enabled' | 'languages' | 'files'> {
  return {
    enabled: all.get('enabled', true),
    languages: all.get('notes.languages', ['plaintext']),
    files: all.get('notes.files', ['**']),
  };
}

/** Keys of settings that were written as they were. */
const chosenAgain = new vscode.EventEmitter<string>();

/** Runs `listener` when a person chooses for one of the keys what it is already, which changes no setting. */
export function onChosenAgain(keys: readonly string[], listener: () => void): vscode.Disposable {
  return chosenAgain.event((key) => {
    if (keys.includes(key)) listener();
  });
}

/** Writes a setting where it is already set, else for the user. */
export async function writeSetting(key: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const found = configuration.inspect(key);
  const inWorkspace = found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const isSame = configuration.get(key) === value;
  await configuration.update(key, value, target);
  if (isSame) chosenAgain.fire(key);
}

/** Runs `listener` when any of the keys changes. */
export function onSettings(keys: readonly string[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (keys.some((key) => event.affectsConfiguration(`${SECTION}.${key}`))) listener();
  });
}

/** What lies in an encoder's folder is its vocabulary, of tens of thousands of lines. */
const VOCABULARY = /\/(vocab|merges)\.txt$/;

/** Whether a document is a clinical note by the settings: its language, its place in the workspace, its path. */
export function isNote(document: vscode.TextDocument): boolean {
  const settings = noteSettings(vscode.workspace.getConfiguration(SECTION, document));
  if (!settings.enabled || !settings.languages.includes(document.languageId)) return false;
  if (document.uri.scheme === 'untitled' || document.uri.scheme === NOTE_SCHEME) return true;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (!folder || VOCABULARY.test(document.uri.path)) return false;
  return settings.files.some(
    (glob) => vscode.languages.match({ pattern: new vscode.RelativePattern(folder, glob) }, document) > 0,
  );
}
