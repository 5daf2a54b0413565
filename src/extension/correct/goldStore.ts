import * as vscode from 'vscode';
import type { Companions } from '../../core/corpus/corpusFile';
import type { Annotation } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import { goldNote } from '../../core/correct/goldNote';
import type { Alignment } from '../../core/text/alignedTexts';
import { alignTexts } from '../../core/text/alignedTexts';
import * as protocol from '../../protocol/corpus';
import type { NoteTracker } from '../noteTracker';
import { isNote } from '../settings';
import { throttled } from '../throttled';
import {
  annBeside,
  bratCompanions,
  isBesideText,
  NO_COMPANIONS,
  openDocument,
  textNow,
  textOnDisk,
} from './corpusText';
import { corpusFileOf } from './noteDocuments';
import type { WorkspaceFiles } from './workspaceFiles';

/** A note's annotations in the corpus. */
export interface Gold {
  readonly file: vscode.Uri;
  readonly format: FormatName;
  /** The note as the corpus has it, and how its offsets and the editor's go together. */
  readonly text: string;
  readonly alignment: Alignment;
  readonly companions: Companions;
  /** In the offsets of the document. */
  readonly annotations: readonly Annotation[];
  /** Other files that hold the same note. */
  readonly others: number;
}

/** What is known of a note's gold: nothing yet, none, or that the note is no longer the one that was annotated. */
export type GoldState = Gold | 'none' | 'changed' | undefined;

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
      vscode.workspace.onDidSaveTextDocument(look),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.known.has(document.uri.toString())) recheck();
        else if (this.isGold(document)) look();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri.toString())),
    ];
    look();
  }

  get(uri: vscode.Uri): GoldState {
    return this.known.get(uri.toString());
  }

  /** Reads a note's gold anew. */
  async load(document: vscode.TextDocument): Promise<GoldState> {
    const { version } = document;
    const found = await this.find(document).catch((): GoldState => undefined);
    if (document.isClosed) return found;
    // It was edited meanwhile, so that offsets may be others.
    if (document.version !== version) return this.load(document);
    this.set(document.uri, found);
    return found;
  }

  set(uri: vscode.Uri, gold: GoldState): void {
    if (isSame(this.known.get(uri.toString()), gold)) return;
    this.known.set(uri.toString(), gold);
    if (typeof gold === 'object') this.last.set(uri.toString(), gold);
    this.emitter.fire(uri);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Reading a workspace's files for the first time keeps the worker busy: what is in sight is predicted before. */
  private firstNotePredicted(): Promise<void> {
    const isPredicted = (): boolean =>
      vscode.window.visibleTextEditors.every(
        ({ document }) => !isNote(document) || this.tracker.get(document.uri)?.remaining === 0,
      );
    return new Promise((resolve) => {
      const done = (): void => (clearTimeout(timer), listening.dispose(), resolve());
      const timer = setTimeout(done, LONGEST_WAIT_MS);
      const listening = this.tracker.onChange(() => isPredicted() && done());
    });
  }

  private look(): void {
    const documents = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
    for (const document of documents) if (isNote(document)) void this.load(document);
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

  private async find(document: vscode.TextDocument): Promise<GoldState> {
    const inside = corpusFileOf(document.uri);
    if (inside) return this.fromWorker(document);
    const ann = isBesideText(document.uri) ? annBeside(document.uri) : undefined;
    const text = ann && (await textNow(ann));
    return text === undefined ? this.fromWorker(document) : besideNote(document, ann!, text);
  }

  private async fromWorker(document: vscode.TextDocument): Promise<GoldState> {
    await (this.quiet ??= this.firstNotePredicted());
    const connection = await this.files.connection();
    const found = await connection.sendRequest(protocol.findGold, { text: document.getText() });
    if (!found) return 'none';
    const file = vscode.Uri.file(found.file);
    // The same note elsewhere, as in a copy of its folder.
    const companions = found.format === 'brat' ? await companionsOf(file, found.text) : NO_COMPANIONS;
    const open = openDocument(file);
    const unsaved = open?.isDirty
      ? goldNote({ name: file.path, text: open.getText() }, found.format, found.text, companions)?.document
      : found;
    return unsaved ? inDocument(document, file, found.format, unsaved, companions, found.others) : 'none';
  }
}

function companionsOf(ann: vscode.Uri, text: string): Promise<Companions> {
  return bratCompanions(ann, { name: `${ann.path.replace(/\.ann$/i, '')}.txt`, text });
}

async function besideNote(document: vscode.TextDocument, ann: vscode.Uri, text: string): Promise<GoldState> {
  const own = await textOnDisk(document.uri);
  if (own === undefined) return 'none';
  const companions = await companionsOf(ann, own);
  const gold = goldNote({ name: ann.path, text }, 'brat', own, companions);
  return gold ? inDocument(document, ann, 'brat', gold.document, companions, 0) : 'none';
}

function inDocument(
  document: vscode.TextDocument,
  file: vscode.Uri,
  format: FormatName,
  found: { text: string; annotations: readonly Annotation[] },
  companions: Companions,
  others: number,
): GoldState {
  const alignment = alignTexts(document.getText(), found.text);
  if (!alignment) return 'changed';
  const annotations = found.annotations.map((one) => moved(one, alignment.back));
  return { file, format, text: found.text, alignment, companions, annotations, others };
}

/** An annotation in the offsets of another copy of its note. */
export function moved({ label, fragments }: Annotation, to: (offset: number) => number): Annotation {
  return { label, fragments: fragments.map(({ start, end }) => ({ start: to(start), end: to(end) })) };
}

function isSame(a: GoldState, b: GoldState): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return (
    a.file.toString() === b.file.toString() &&
    a.text === b.text &&
    JSON.stringify(a.annotations) === JSON.stringify(b.annotations)
  );
}
