import * as vscode from 'vscode';
import type { Annotation } from '../../core/corpus/document';
import { isSameAnnotation } from '../../core/correct/correction';
import type { Difference } from '../../core/correct/differences';
import { asAnnotation } from '../../core/correct/differences';
import type { Comparisons } from './comparisons';

/** What a link, a code action or a row of a view means: a note, and a difference by what both sides mark. */
export interface Target {
  readonly uri: string;
  readonly gold?: Annotation;
  readonly predicted?: Annotation;
}

/** A difference of a note, to be corrected. */
export interface Targeted {
  readonly document: vscode.TextDocument;
  readonly difference: Difference;
}

export function targetFor({ uri }: vscode.TextDocument, { gold, predicted }: Difference): Target {
  return {
    uri: uri.toString(),
    ...(gold ? { gold: { label: gold.label, fragments: gold.fragments } } : {}),
    ...(predicted ? { predicted: asAnnotation(predicted) } : {}),
  };
}

/** The difference that is meant (a row of a view has its target with it), as the note is now; without a target the one at the cursor. */
export function findTarget(
  comparisons: Comparisons,
  given: Target | { readonly target: Target } | undefined,
): Targeted | undefined {
  const target = given && 'target' in given ? given.target : given;
  if (!target?.uri) return atCursor(comparisons);
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === target.uri);
  if (!document) return undefined;
  const difference = comparisons.of(document)?.differences.find((one) => isMeant(one, target));
  return difference && { document, difference };
}

function atCursor(comparisons: Comparisons): Targeted | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  const [difference] = comparisons.at(document, document.offsetAt(selection.active));
  return difference && { document, difference };
}

/** One side is enough: the other may have changed since the target was shown. */
function isMeant({ gold, predicted }: Difference, target: Target): boolean {
  const isGold = gold && target.gold ? isSameAnnotation(gold, target.gold) : !gold && !target.gold;
  const found = predicted && asAnnotation(predicted);
  const isPredicted =
    found && target.predicted ? isSameAnnotation(found, target.predicted) : !found && !target.predicted;
  return Boolean(isGold && isPredicted);
}
