import Module from 'node:module';
import type * as vscode from 'vscode';

/** What `require('vscode')` gives in plain Node: as much of the editor as the tests of this folder need, driven by hand. */
class Emitter<T> {
  private readonly listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

class Disposable {
  constructor(readonly dispose: () => void) {}
  static from(...all: { dispose(): void }[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
}

const events = {
  opened: new Emitter<vscode.TextDocument>(),
  changed: new Emitter<vscode.TextDocumentChangeEvent>(),
  closed: new Emitter<vscode.TextDocument>(),
  configured: new Emitter<vscode.ConfigurationChangeEvent>(),
  visible: new Emitter<readonly vscode.TextEditor[]>(),
  active: new Emitter<vscode.TextEditor | undefined>(),
  selected: new Emitter<void>(),
  scrolled: new Emitter<vscode.TextEditorVisibleRangesChangeEvent>(),
  folders: new Emitter<void>(),
};
const settings = new Map<string, unknown>();
const messages: { kind: 'error' | 'warning'; text: string }[] = [];
const items = new Map<string, { text: string; isShown: boolean }>();
const say =
  (kind: 'error' | 'warning') =>
  (text: string): Promise<undefined> => {
    messages.push({ kind, text });
    return Promise.resolve(undefined);
  };

const window = {
  /** The options themselves stand for the type. */
  createTextEditorDecorationType: (options: object) => ({ ...options, dispose: () => undefined }),
  activeTextEditor: undefined as vscode.TextEditor | undefined,
  onDidChangeActiveTextEditor: events.active.event,
  onDidChangeTextEditorSelection: events.selected.event,
  createStatusBarItem: (id: string) => {
    const item = { text: '', isShown: false, dispose: () => undefined };
    items.set(id, item);
    return Object.assign(item, {
      show: () => (item.isShown = true),
      hide: () => (item.isShown = false),
    });
  },
  visibleTextEditors: [] as vscode.TextEditor[],
  onDidChangeVisibleTextEditors: events.visible.event,
  onDidChangeTextEditorVisibleRanges: events.scrolled.event,
  showErrorMessage: say('error'),
  showWarningMessage: say('warning'),
};

/** The editor's side of the tests. */
export const editor = {
  messages,
  /** What an item of the status bar says; undefined while it is hidden. */
  statusBar: (id: string): string | undefined => {
    const item = items.get(id);
    return item?.isShown ? item.text : undefined;
  },
  /** Makes a document the active one, with the cursor at an offset. */
  focus: (document: vscode.TextDocument, active: number): void => {
    window.activeTextEditor = {
      ...editorOf(document),
      selection: { active },
    } as unknown as vscode.TextEditor;
    events.selected.fire();
  },
  opened: (document: vscode.TextDocument): void => events.opened.fire(document),
  closed: (document: vscode.TextDocument): void => events.closed.fire(document),
  typed: (document: vscode.TextDocument): void =>
    events.changed.fire({
      document,
      contentChanges: [{ rangeOffset: 0, rangeLength: 0, text: 'a' }],
    } as unknown as vscode.TextDocumentChangeEvent),
  openFolders: (...paths: string[]): void => {
    workspace.workspaceFolders = paths;
    events.folders.fire();
  },
  show: (...documents: vscode.TextDocument[]): void => {
    window.visibleTextEditors = documents.map(editorOf);
    events.visible.fire(window.visibleTextEditors);
  },
  set: (key: string, value: unknown): void => {
    settings.set(key, value);
    events.configured.fire({ affectsConfiguration: (asked) => asked === `anamnese.${key}` });
  },
};

/** An untitled note, or a file with its path; offsets stand for positions. */
export function noteNamed(name: string, text = 'dor abdominal', scheme = 'untitled'): vscode.TextDocument {
  const uri = { toString: () => name, scheme, path: name };
  return {
    uri,
    languageId: 'plaintext',
    version: 1,
    isClosed: false,
    getText: () => text,
    offsetAt: (position: unknown) => position,
  } as unknown as vscode.TextDocument;
}

function editorOf(document: vscode.TextDocument): vscode.TextEditor {
  return { document, visibleRanges: [{ start: 0, end: 10 }] } as unknown as vscode.TextEditor;
}

const configuration = {
  get: (key: string, otherwise: unknown) => settings.get(key) ?? otherwise,
  inspect: () => ({}),
  update: (key: string, value: unknown) => {
    if (configuration.get(key, '') !== value) editor.set(key, value);
    return Promise.resolve();
  },
};

const workspace = {
  onDidOpenTextDocument: events.opened.event,
  onDidChangeTextDocument: events.changed.event,
  onDidCloseTextDocument: events.closed.event,
  onDidChangeConfiguration: events.configured.event,
  onDidChangeWorkspaceFolders: events.folders.event,
  getConfiguration: () => configuration,
  /** Their paths stand for them. */
  workspaceFolders: [] as string[],
  getWorkspaceFolder: ({ path }: vscode.Uri) =>
    workspace.workspaceFolders.find((folder) => path.startsWith(`${folder}/`)),
};

const fake = {
  DecorationRangeBehavior: { ClosedClosed: 1 },
  StatusBarAlignment: { Left: 1, Right: 2 },
  ThemeColor: class {
    constructor(readonly id: string) {}
  },
  env: { language: 'en' },
  EventEmitter: Emitter,
  Disposable,
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  window,
  workspace,
  languages: { match: () => 10 },
  RelativePattern: Object,
  l10n: {
    t: (sentence: string, ...holes: unknown[]) =>
      sentence.replaceAll(/\{(\d)\}/g, (_, hole: string) => String(holes[Number(hole)])),
  },
};

const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = (request, ...rest) => (request === 'vscode' ? fake : load(request, ...rest));
