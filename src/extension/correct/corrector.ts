import * as vscode from 'vscode';
import type { Annotation } from '../../core/corpus/document';
import type { Correction } from '../../core/correct/correction';
import { corrected } from '../../core/correct/correction';
import type { Edit } from '../../core/text/edit';
import { annBeside, isBesideText, textOnDisk } from './corpusText';
import { confirmDependents, offerAnn, tellRefusal, tellUnreadable } from './correctorMessages';
import { editableCorpus } from './editableCorpus';
import type { GoldStore } from './goldStore';
import type { Gold } from './readGold';
import { moved } from './readGold';
import { sha256 } from './reviewMemory';
import type { SaveGuard } from './saveGuard';

/** A correction that was made in a corpus file, and how it is taken back. */
export interface MadeCorrection {
  readonly file: vscode.Uri;
  /** In the file as it is after the correction. */
  readonly inverse: Edit;
  /** What the file's text must still be for that. */
  readonly hash: string;
}

/**
 * Makes corrections in corpus files: an edit of the file's document, which the editor can undo, and a save of it.
 * Whatever stops it is told to the person, and then nothing has changed.
 */
export class Corrector {
  /** One after the other: each counts in the text that the one before left. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly golds: GoldStore,
    private readonly guard: SaveGuard,
  ) {}

  /**
   * Makes a correction whose offsets are the document's. A note that no corpus file holds gets an `.ann` of its own, if
   * the person agrees.
   */
  async make(document: vscode.TextDocument, correction: Correction): Promise<MadeCorrection | undefined> {
    const make = (): Promise<MadeCorrection | 'none' | undefined> =>
      this.inTurn(() => this.makeNow(document, correction));
    const first = await make();
    if (first !== 'none') return first;
    // Asked in no turn: a question may stand for long, and corrections of other notes go on.
    const second = (await beginAnn(document)) ? await make() : undefined;
    return second === 'none' ? undefined : second;
  }

  /** Takes a correction back; false where the file has changed since, which the person is told. */
  async takeBack({ file, inverse, hash }: MadeCorrection): Promise<boolean> {
    const corpus = await editableCorpus(file);
    if (!corpus) return false;
    if (sha256(corpus.getText()) !== hash) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          '{0} has changed since: undo there, or correct again.',
          vscode.workspace.asRelativePath(file),
        ),
      );
      return false;
    }
    return (await applyAndSave(corpus, inverse, this.guard)) !== undefined;
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.last.then(action);
    this.last = done.catch(() => undefined);
    return done;
  }

  private async makeNow(
    document: vscode.TextDocument,
    correction: Correction,
  ): Promise<MadeCorrection | 'none' | undefined> {
    const gold = await this.goldOf(document);
    if (!gold || gold === 'none') return gold;
    const { correctFile } = await import('../../core/correct/correctFile');
    const corpus = await editableCorpus(gold.file);
    if (!corpus) return undefined;
    const inFile = { name: gold.file.path, text: corpus.getText() };
    const there = inCorpus(correction, gold);
    const outcome = correctFile(inFile, gold.format, gold.text, gold.companions, there);
    if ('refusal' in outcome) {
      tellRefusal(outcome.refusal, gold);
      return undefined;
    }
    if (outcome.dependents.length > 0 && !(await confirmDependents(outcome.dependents, gold.file)))
      return undefined;
    const made = await applyAndSave(corpus, outcome.edit, this.guard);
    if (made) this.golds.set(document.uri, { ...gold, annotations: corrected(gold.annotations, correction) });
    return made;
  }

  /** The note's gold, or that there is none; undefined where it cannot be corrected now, which the person is told. */
  private async goldOf(document: vscode.TextDocument): Promise<Gold | 'none' | undefined> {
    // The process that reads corpora may have just died: it is started again.
    const state = (await this.golds.load(document)) ?? (await this.golds.load(document));
    if (typeof state === 'object') return state;
    if (state === undefined) {
      void vscode.window.showErrorMessage(vscode.l10n.t('The corpus files cannot be read now: try again.'));
      return undefined;
    }
    if (state === 'changed' || document.isDirty) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('This note is not as it was annotated: save it, or undo its changes, then correct.'),
      );
      return undefined;
    }
    return state;
  }
}

/** Begins the `.ann` of a note that no corpus file holds, if the person agrees; false where there is none then. */
async function beginAnn({ uri }: vscode.TextDocument): Promise<boolean> {
  if (!isBesideText(uri)) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'No corpus file holds this note, and beside a file of this kind BRAT keeps none: save it as .txt.',
      ),
    );
    return false;
  }
  const ann = annBeside(uri);
  if ((await textOnDisk(ann)) !== undefined) {
    tellUnreadable(ann);
    return false;
  }
  if (!(await offerAnn(ann))) return false;
  // It may have come while the question stood.
  if ((await textOnDisk(ann)) === undefined) await vscode.workspace.fs.writeFile(ann, new Uint8Array());
  return true;
}

function inCorpus(correction: Correction, { alignment }: Gold): Correction {
  const there = (annotation: Annotation): Annotation => moved(annotation, alignment.there);
  const annotation = there(correction.annotation);
  return correction.kind === 'change'
    ? { kind: 'change', annotation, to: there(correction.to) }
    : { kind: correction.kind, annotation };
}

async function applyAndSave(
  corpus: vscode.TextDocument,
  edit: Edit,
  guard: SaveGuard,
): Promise<MadeCorrection | undefined> {
  const before = corpus.getText();
  const wasOpen = tabsOf(corpus).length > 0;
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(corpus.positionAt(edit.start), corpus.positionAt(edit.end));
  change.replace(corpus.uri, range, edit.text);
  const name = vscode.workspace.asRelativePath(corpus.uri);
  if (!(await vscode.workspace.applyEdit(change))) {
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} cannot be changed.', name));
    return undefined;
  }
  const after = corpus.getText();
  if (!(await guard.save(corpus))) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('{0} could not be saved: the correction is in its editor, unsaved.', name),
    );
  } else if (corpus.getText() !== after) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Settings of the editor changed other places of {0} when it was saved.', name),
    );
  }
  // The editor opens what is being saved for long; a person asked for no such tab.
  if (!wasOpen && !corpus.isDirty) await vscode.window.tabGroups.close(tabsOf(corpus));
  const inserted = after.length - (before.length - (edit.end - edit.start));
  const inverse = { start: edit.start, end: edit.start + inserted, text: before.slice(edit.start, edit.end) };
  return { file: corpus.uri, inverse, hash: sha256(after) };
}

function tabsOf({ uri }: vscode.TextDocument): vscode.Tab[] {
  const isOf = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(isOf);
}
