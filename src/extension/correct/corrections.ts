import * as vscode from 'vscode';
import type { Annotation } from '../../core/corpus/document';
import type { Correction } from '../../core/correct/correction';
import { isSameAnnotation } from '../../core/correct/correction';
import type { Difference } from '../../core/correct/differences';
import { asAnnotation } from '../../core/correct/differences';
import type { Rejection } from '../../core/correct/rejections';
import type { Corrector, MadeCorrection } from './corrector';
import type { ReviewMemory } from './reviewMemory';

/** One thing that a person did: what changed in a corpus file, and which spans were rejected or restored. */
interface Step {
  readonly document: vscode.TextDocument;
  readonly made: MadeCorrection | undefined;
  readonly rejected: Rejection | undefined;
  readonly restored: Rejection | undefined;
}

/** Steps that can be taken back. */
const MOST_STEPS = 200;
const CAN_UNDO = 'anamnese.canUndoCorrection';

/** What a person says of a difference, as corrections of the corpus and rejections; each can be taken back. */
export class Corrections implements vscode.Disposable {
  private readonly steps: Step[] = [];
  private readonly watching: vscode.Disposable[];

  constructor(
    private readonly corrector: Corrector,
    private readonly memory: ReviewMemory,
  ) {
    this.watching = [
      vscode.window.onDidChangeActiveTextEditor(() => this.tellContext()),
      // What was typed since is what the key takes back.
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document === this.steps.at(-1)?.document) this.setContext(false);
      }),
    ];
  }

  /** What was predicted becomes gold: added, or in place of what gold has there. */
  async accept(document: vscode.TextDocument, { kind, gold, predicted }: Difference): Promise<boolean> {
    if (!predicted || kind === 'correct') return false;
    const annotation = asAnnotation(predicted);
    const correction: Correction = gold
      ? { kind: 'change', annotation: gold, to: annotation }
      : { kind: 'add', annotation };
    return this.do(document, correction, undefined, kind === 'rejected' ? predicted : undefined);
  }

  /** What is gold alone, or agreed, leaves gold; what was predicted is not shown as such again. */
  async reject(document: vscode.TextDocument, { kind, gold, predicted }: Difference): Promise<boolean> {
    const removed = gold && (kind === 'correct' || kind === 'missed') ? gold : undefined;
    if (kind === 'rejected') return false;
    return this.do(document, removed && { kind: 'remove', annotation: removed }, predicted, undefined);
  }

  /** Another label: of what gold has, else of what was predicted, which becomes gold so. */
  async relabel(document: vscode.TextDocument, difference: Difference, label: string): Promise<boolean> {
    return this.change(document, difference, (from) => ({ label, fragments: from.fragments }));
  }

  /** Other boundaries, likewise. */
  async change(
    document: vscode.TextDocument,
    { gold, predicted }: Difference,
    to: (from: Annotation) => Annotation | undefined,
  ): Promise<boolean> {
    const from = gold ?? asAnnotation(predicted!);
    const annotation = to(from);
    if (!annotation || (gold && isSameAnnotation(gold, annotation))) return false;
    if (gold)
      return this.do(document, { kind: 'change', annotation: gold, to: annotation }, undefined, undefined);
    const isOther = !isSameAnnotation(from, annotation);
    return this.do(document, { kind: 'add', annotation }, isOther ? predicted : undefined, undefined);
  }

  async add(document: vscode.TextDocument, annotation: Annotation): Promise<boolean> {
    return this.do(document, { kind: 'add', annotation }, undefined, undefined);
  }

  async restore(document: vscode.TextDocument, { predicted }: Difference): Promise<boolean> {
    return predicted ? this.do(document, undefined, undefined, predicted) : false;
  }

  /** Takes the last step back; false where there is none, or where its file has changed since. */
  async undo(): Promise<boolean> {
    const step = this.steps.at(-1);
    if (!step) return false;
    if (step.made && !(await this.corrector.takeBack(step.made))) return false;
    if (step.rejected) await this.memory.restore(step.document, step.rejected);
    if (step.restored) await this.memory.reject(step.document, step.restored);
    this.steps.pop();
    this.tellContext();
    return true;
  }

  dispose(): void {
    vscode.Disposable.from(...this.watching).dispose();
  }

  private async do(
    document: vscode.TextDocument,
    correction: Correction | undefined,
    rejected: Rejection | undefined,
    restored: Rejection | undefined,
  ): Promise<boolean> {
    const made = correction && (await this.corrector.make(document, correction));
    if (correction && !made) return false;
    if (rejected) await this.memory.reject(document, rejected);
    if (restored) await this.memory.restore(document, restored);
    this.steps.push({ document, made, rejected, restored });
    if (this.steps.length > MOST_STEPS) this.steps.shift();
    this.tellContext();
    return true;
  }

  /** The editor's own key for undo is the correction's while nothing has been typed after it. */
  private tellContext(): void {
    const last = this.steps.at(-1);
    this.setContext(last !== undefined && vscode.window.activeTextEditor?.document === last.document);
  }

  private setContext(value: boolean): void {
    void vscode.commands.executeCommand('setContext', CAN_UNDO, value);
  }
}
