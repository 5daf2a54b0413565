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

/**
 * Writes a setting where it is already set, else for the user. What a workspace that is not trusted sets of the
 * restricted ones is not even seen here: the person's own is written, which is the one that has an effect.
 */
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

/**
 * Whether a document is a clinical note by the settings: its language, its place, its path. Where no folder is open,
 * a file stands alone and the patterns count from the folder that it lies in.
 */
export function isNote(document: vscode.TextDocument): boolean {
  if (!isInNoteLanguage(document)) return false;
  if (document.uri.scheme === 'untitled' || document.uri.scheme === NOTE_SCHEME) return true;
  const base = baseOf(document);
  if (!base || VOCABULARY.test(document.uri.path)) return false;
  return noteSettings(vscode.workspace.getConfiguration(SECTION, document)).files.some(
    (glob) => vscode.languages.match({ pattern: new vscode.RelativePattern(base, glob) }, document) > 0,
  );
}

/** Whether a file would be a note but for its place: outside of every folder that is open. */
export function isOutside(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== 'file' || !isInNoteLanguage(document)) return false;
  return baseOf(document) === undefined && !VOCABULARY.test(document.uri.path);
}

function isInNoteLanguage(document: vscode.TextDocument): boolean {
  const { enabled, languages } = noteSettings(vscode.workspace.getConfiguration(SECTION, document));
  return enabled && languages.includes(document.languageId);
}

/** What the patterns of notes count from. */
function baseOf({ uri }: vscode.TextDocument): vscode.WorkspaceFolder | vscode.Uri | undefined {
  const standsAlone = !vscode.workspace.workspaceFolders?.length && uri.scheme === 'file';
  return standsAlone ? vscode.Uri.joinPath(uri, '..') : vscode.workspace.getWorkspaceFolder(uri);
}
