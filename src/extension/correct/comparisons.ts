import * as vscode from 'vscode';
import type { Comparison, Difference } from '../../core/correct/differences';
import { compareNote, extent } from '../../core/correct/differences';
import { isRejected } from '../../core/correct/rejections';
import type { Entity } from '../../core/text/entity';
import type { NoteTracker, TrackedNote } from '../noteTracker';
import type { GoldStore } from './goldStore';
import type { Gold } from './readGold';
import type { ReviewMemory } from './reviewMemory';

/** A finished run's predictions of a note, in place of those of the model at hand. */
export interface RunPredictions {
  readonly file: vscode.Uri;
  /** What it is called where it is shown. */
  readonly name: string;
  readonly entities: readonly Entity[];
}

/** A note's gold against a prediction of it. */
export interface ComparedNote extends Comparison {
  readonly document: vscode.TextDocument;
  /** Undefined where no corpus file holds the note: then everything predicted is told as spurious. */
  readonly gold: Gold | undefined;
  /** The note was edited after it was annotated. */
  readonly isChanged: boolean;
  readonly run: RunPredictions | undefined;
}

/** Compares the notes that are asked for, and knows which of them are shown so. */
export class Comparisons implements vscode.Disposable {
  private readonly shown = new Set<string>();
  private readonly runs = new Map<string, RunPredictions>();
  private readonly cache = new Map<string, { sources: readonly unknown[]; compared: ComparedNote }>();
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[];

  /** What is shown of a note changed, or whether it is. */
  readonly onChange = this.emitter.event;

  constructor(
    private readonly tracker: NoteTracker,
    private readonly golds: GoldStore,
    private readonly memory: ReviewMemory,
  ) {
    const fire = (): void => this.emitter.fire();
    this.disposables = [
      this.emitter,
      tracker.onChange(fire),
      golds.onChange(fire),
      memory.onChange(fire),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri.toString())),
    ];
  }

  isShown(uri: vscode.Uri): boolean {
    return this.shown.has(uri.toString());
  }

  /** Whether the marks of a note are those of its comparison: not while it is another text than was annotated. */
  isDrawn(uri: vscode.Uri): boolean {
    return this.isShown(uri) && this.golds.get(uri) !== 'changed';
  }

  show(uri: vscode.Uri, isShown: boolean, run?: RunPredictions): void {
    const key = uri.toString();
    if (isShown) this.shown.add(key);
    else this.shown.delete(key);
    if (isShown && run) this.runs.set(key, run);
    else this.runs.delete(key);
    this.emitter.fire();
  }

  /** The comparison of a document as it is now; undefined for one that is no note. */
  of(document: vscode.TextDocument): ComparedNote | undefined {
    const key = document.uri.toString();
    const run = this.runs.get(key);
    const entities = run?.entities ?? this.tracker.get(document.uri)?.entities;
    if (!entities) return undefined;
    const state = this.golds.get(document.uri);
    const gold = typeof state === 'object' ? state : undefined;
    const rejections = this.memory.rejections(document);
    const sources = [document.version, entities, state, run, JSON.stringify(rejections)];
    const known = this.cache.get(key);
    if (known?.sources.every((one, i) => one === sources[i])) return known.compared;
    const isChanged = state === 'changed';
    const comparison = compareNote(gold?.annotations ?? [], isChanged ? [] : entities, rejections);
    const compared = { ...comparison, document, gold, isChanged, run };
    this.cache.set(key, { sources, compared });
    return compared;
  }

  /** The differences over an offset, errors first, then the shortest. */
  at(document: vscode.TextDocument, offset: number): Difference[] {
    const all = this.of(document)?.differences ?? [];
    const here = all.filter((one) => spansOf(one).some(({ start, end }) => start <= offset && offset <= end));
    const rank = ({ kind }: Difference): number => (kind === 'correct' ? 1 : kind === 'rejected' ? 2 : 0);
    const length = (one: Difference): number => extent(one).end - extent(one).start;
    return here.sort((a, b) => rank(a) - rank(b) || length(a) - length(b));
  }

  /** A note's entities without those that were rejected. */
  kept({ document, entities }: TrackedNote): readonly Entity[] {
    const rejections = this.memory.rejections(document);
    return rejections.length === 0 ? entities : entities.filter((entity) => !isRejected(rejections, entity));
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private forget(key: string): void {
    this.cache.delete(key);
    this.runs.delete(key);
    this.shown.delete(key);
  }
}

/** What either side marks. */
export function spansOf({ gold, predicted }: Difference): { start: number; end: number }[] {
  return [...(gold?.fragments ?? []), ...(predicted ? [predicted] : [])];
}
