import * as vscode from 'vscode';
import { alignTexts } from '../../core/text/alignedTexts';
import type { NoteTracker } from '../noteTracker';
import type { WorkerConnection } from '../predictionService';
import { isNote } from '../settings';
import { throttled } from '../throttled';
import type { Gold, GoldState } from './readGold';
import { readGold } from './readGold';
import type { WorkspaceFiles } from './workspaceFiles';

/** Typing in a corpus file is followed as it happens; whether a note is still what was annotated, at leisure. */
const FOLLOW_MS = 150;
const RECHECK_MS = 500;
const LONGEST_WAIT_MS = 2000;

/** The annotations that belong to the notes in sight, read again whenever their files change. */
export class GoldStore implements vscode.Disposable {
  private readonly known = new Map<string, GoldState>();
  /** The last gold of notes that have been edited since: undoing brings it back. */
  private readonly last = new Map<string, Gold>();
  private readonly emitter = new vscode.EventEmitter<vscode.Uri>();
  private quiet: Promise<void> | undefined;
  private readonly disposables: vscode.Disposable[];

  /** A note's gold changed. */
  readonly onChange = this.emitter.event;

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly tracker: NoteTracker,
  ) {
    const look = throttled(() => this.look(), FOLLOW_MS);
    const recheck = throttled(() => this.recheck(), RECHECK_MS);
    this.disposables = [
      this.emitter,
      look,
      recheck,
      files.onChange(look),
      vscode.window.onDidChangeVisibleTextEditors(look),
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.warnOfOffsets(document);
        look();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.known.has(document.uri.toString())) recheck();
        else if (this.isGold(document)) look();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri.toString())),
    ];
  }

  get(uri: vscode.Uri): GoldState {
    return this.known.get(uri.toString());
  }

  /** Reads a note's gold anew. */
  async load(document: vscode.TextDocument): Promise<GoldState> {
    const { version } = document;
    const found = await readGold(document, () => this.worker()).catch((): GoldState => undefined);
    if (document.isClosed) return found;
    // It was edited meanwhile, so that offsets may be others.
    if (document.version !== version) return this.load(document);
    const wasFound = this.last.has(document.uri.toString());
    const state = found === 'none' && document.isDirty && wasFound ? 'changed' : found;
    this.set(document.uri, state);
    return state;
  }

  set(uri: vscode.Uri, gold: GoldState): void {
    if (isSame(this.known.get(uri.toString()), gold)) return;
    this.known.set(uri.toString(), gold);
    if (typeof gold === 'object') this.last.set(uri.toString(), gold);
    this.emitter.fire(uri);
  }

  /** Reads the gold of the notes in sight. */
  look(): void {
    const documents = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
    for (const document of documents) if (isNote(document)) void this.load(document);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async worker(): Promise<WorkerConnection> {
    await (this.quiet ??= this.firstNotePredicted());
    return this.files.connection();
  }

  /** Reading a workspace's files for the first time keeps the worker busy: what is in sight is predicted before. */
  private firstNotePredicted(): Promise<void> {
    const isPredicted = (): boolean =>
      vscode.window.visibleTextEditors.every(
        ({ document }) => !isNote(document) || this.tracker.get(document.uri)?.remaining === 0,
      );
    if (isPredicted()) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => (clearTimeout(timer), listening.dispose(), resolve());
      const timer = setTimeout(done, LONGEST_WAIT_MS);
      const listening = this.tracker.onChange(() => isPredicted() && done());
    });
  }

  /** What typing costs is a comparison of texts: nothing is read, and nothing sent, for a note that is being edited. */
  private recheck(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      const key = document.uri.toString();
      const [state, gold] = [this.known.get(key), this.last.get(key)];
      if (!gold || (state !== 'changed' && typeof state !== 'object')) continue;
      const alignment = alignTexts(document.getText(), gold.text);
      if (!alignment) this.set(document.uri, 'changed');
      else if (state === 'changed') void this.load(document);
    }
  }

  /** Offsets count in the note as it was annotated; BRAT has no way to move them along. */
  private warnOfOffsets(document: vscode.TextDocument): void {
    const gold = this.last.get(document.uri.toString());
    if (gold?.format !== 'brat' || alignTexts(document.getText(), gold.text)) return;
    this.last.delete(document.uri.toString());
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} counts its offsets in the note as it was before this change: undo it and save, or annotate anew from there on.',
        vscode.workspace.asRelativePath(gold.file),
      ),
    );
  }

  private forget(key: string): void {
    this.known.delete(key);
    this.last.delete(key);
  }

  private isGold({ uri }: vscode.TextDocument): boolean {
    const changed = uri.toString();
    return [...this.known.values()].some(
      (gold) => typeof gold === 'object' && gold.file.toString() === changed,
    );
  }
}

function isSame(a: GoldState, b: GoldState): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return (
    a.file.toString() === b.file.toString() &&
    a.text === b.text &&
    JSON.stringify(a.annotations) === JSON.stringify(b.annotations)
  );
}
