import * as vscode from 'vscode';
import type { Edit } from '../core/text/edit';
import { moveEntities, moveSpan, replaceEntities } from '../core/text/edit';
import type { Entity, Span } from '../core/text/entity';
import type { Predicted } from '../protocol/worker';
import * as protocol from '../protocol/worker';
import type { PredictionService } from './predictionService';
import { isNote, onSettings } from './settings';

/** A note with the entities a person sees now, in the offsets of the document as it is now. */
export interface TrackedNote {
  readonly document: vscode.TextDocument;
  readonly entities: readonly Entity[];
  /** Windows that still wait for the encoder; undefined before the first answer. */
  readonly remaining: number | undefined;
  /** What the last window took. */
  readonly milliseconds: number;
}

interface Entry {
  readonly document: vscode.TextDocument;
  entities: readonly Entity[];
  remaining: number | undefined;
  milliseconds: number;
  /** The worker holds this note. */
  opened: boolean;
  /** Edits the worker may not have seen when it answered, by the version they led to. */
  unanswered: { version: number; edits: readonly Edit[] }[];
}

/** Keeps the worker's notes in step with the editor's, and the entities in step with the text. */
export class NoteTracker implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly changeEmitter = new vscode.EventEmitter<vscode.Uri>();
  private readonly disposables: vscode.Disposable[];

  /** A note's entities changed, or which notes are in sight. */
  readonly onChange = this.changeEmitter.event;

  constructor(private readonly service: PredictionService) {
    this.disposables = [
      this.changeEmitter,
      vscode.workspace.onDidOpenTextDocument((document) => this.warm(document)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.look()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.scrolled(textEditor)),
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      // A document whose language changes is closed and opened again, in the same editor.
      vscode.workspace.onDidOpenTextDocument(() => this.look()),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      onSettings(['enabled', 'notes'], () => this.look()),
      // What is a note counts from the folder that it lies in.
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.look()),
      service.onPredicted((answer) => this.answered(answer)),
      service.onNoteFailed((uri) => this.failed(uri)),
      service.onReset((reason) => this.reset(reason === 'reload')),
    ];
  }

  /** The note of a document, if it is one and has been seen. */
  get(uri: vscode.Uri): TrackedNote | undefined {
    return this.entries.get(uri.toString());
  }

  /**
   * Resolves when nothing of the note waits for the encoder, which is started again where it has stopped; to undefined
   * where it cannot tell, which the person has then been told.
   */
  async settled(uri: vscode.Uri, token: vscode.CancellationToken): Promise<TrackedNote | undefined> {
    if (this.entries.get(uri.toString())?.opened === false) {
      this.service.tryAgain(true);
      this.look();
    }
    while (!token.isCancellationRequested) {
      const note = this.entries.get(uri.toString());
      if (!note?.opened) return undefined;
      if (note.remaining === 0 && note.unanswered.length === 0) return note;
      await new Promise<void>((resolve) => {
        const waiting = [this.onChange(resolveOnce), token.onCancellationRequested(resolveOnce)];
        function resolveOnce(): void {
          vscode.Disposable.from(...waiting).dispose();
          resolve();
        }
      });
    }
    return undefined;
  }

  /** Opens notes that came in sight and rests those that went out of it. */
  look(): void {
    const inSight = new Set<string>();
    for (const editor of vscode.window.visibleTextEditors) {
      if (!isNote(editor.document)) continue;
      const uri = editor.document.uri.toString();
      inSight.add(uri);
      const entry = this.entries.get(uri);
      if (entry?.opened) this.service.tell(protocol.showNote, { uri, visible: visibleSpan(editor) });
      else void this.open(editor.document);
    }
    for (const [uri, entry] of this.entries) {
      if (inSight.has(uri)) continue;
      if (!isNote(entry.document)) this.forget(entry.document);
      else this.service.tell(protocol.showNote, { uri, visible: null });
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** A note that is being opened is about to be seen: the model loads while the editor draws it. */
  private warm(document: vscode.TextDocument): void {
    if (!isNote(document)) return;
    this.service.tryAgain(false);
    this.service.connection().catch(() => undefined);
  }

  private async open(document: vscode.TextDocument): Promise<void> {
    const uri = document.uri.toString();
    const entry = this.entries.get(uri) ?? newEntry(document);
    this.entries.set(uri, entry);
    if (entry.opened) return;
    Object.assign(entry, { opened: true, remaining: undefined });
    try {
      await this.service.connection();
    } catch {
      // The service has told the person; the next edit or glance asks it again.
      entry.opened = false;
      this.changeEmitter.fire(document.uri);
      return;
    }
    if (this.entries.get(uri) !== entry || document.isClosed) return;
    entry.unanswered = [];
    if (document.getText() === '') entry.remaining = 0;
    // A model takes its time to load: the note may have gone out of sight meanwhile, or into another editor.
    const now = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const visible = now ? visibleSpan(now) : null;
    const note = { uri, version: document.version, text: document.getText(), visible };
    this.service.tell(protocol.openNote, note);
    this.changeEmitter.fire(document.uri);
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const entry = this.entries.get(document.uri.toString());
    if (!entry || contentChanges.length === 0) return;
    // VS Code lists changes from the end of the text to its start, so each still counts in the text before them all.
    const edits = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      start: rangeOffset,
      end: rangeOffset + rangeLength,
      text,
    }));
    entry.entities = edits.reduce(moveEntities, entry.entities);
    if (entry.opened) {
      entry.unanswered.push({ version: document.version, edits });
      this.service.tell(protocol.editNote, {
        uri: document.uri.toString(),
        version: document.version,
        edits,
      });
    } else {
      this.look();
    }
  }

  private answered({ uri, version, range, entities, remaining, milliseconds }: Predicted): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    entry.unanswered = entry.unanswered.filter((edit) => edit.version > version);
    const later = entry.unanswered.flatMap(({ edits }) => edits);
    const place = later.reduce<Span | undefined>((span, edit) => span && moveSpan(span, edit), range);
    entry.remaining = remaining;
    if (milliseconds > 0) entry.milliseconds = milliseconds;
    if (place) entry.entities = replaceEntities(entry.entities, place, later.reduce(moveEntities, entities));
    this.changeEmitter.fire(entry.document.uri);
  }

  /** Keeps what is known of the note; its next edit opens it in the worker again. */
  private failed(uri: string): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    Object.assign(entry, { opened: false, remaining: 0, unanswered: [] });
    this.changeEmitter.fire(entry.document.uri);
  }

  private scrolled(editor: vscode.TextEditor): void {
    const uri = editor.document.uri.toString();
    if (this.entries.has(uri)) this.service.tell(protocol.showNote, { uri, visible: visibleSpan(editor) });
  }

  private forget(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (!this.entries.delete(uri)) return;
    this.service.tell(protocol.closeNote, { uri });
    this.changeEmitter.fire(document.uri);
  }

  private reset(reopen: boolean): void {
    for (const entry of this.entries.values()) {
      entry.opened = false;
      entry.remaining = undefined;
      this.changeEmitter.fire(entry.document.uri);
    }
    if (reopen) this.look();
  }
}

function newEntry(document: vscode.TextDocument): Entry {
  return {
    document,
    entities: [],
    remaining: undefined,
    milliseconds: 0,
    opened: false,
    unanswered: [],
  };
}

/** What a person sees of a document in an editor, as offsets. */
export function visibleSpan({ document, visibleRanges }: vscode.TextEditor): Span {
  const [first, last] = [visibleRanges[0], visibleRanges.at(-1)];
  if (!first || !last) return { start: 0, end: 0 };
  return { start: document.offsetAt(first.start), end: document.offsetAt(last.end) };
}
