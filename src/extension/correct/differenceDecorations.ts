import * as vscode from 'vscode';
import type { Difference, DifferenceKind } from '../../core/correct/differences';
import { extent, isError } from '../../core/correct/differences';
import { segmentSpans } from '../../core/text/segments';
import { visibleSpan } from '../noteTracker';
import type { PredictionService } from '../predictionService';
import { throttled } from '../throttled';
import type { ComparedNote, Comparisons } from './comparisons';
import { DifferenceStyles, worstKind } from './differenceStyles';

/** Characters drawn beyond what is in sight. */
const MARGIN = 3000;
const DRAW_MS = 40;

/** Draws gold against predicted in the editors that show it, near what is in sight. */
export function registerDifferenceDecorations(
  comparisons: Comparisons,
  service: PredictionService,
): vscode.Disposable {
  let styles = new DifferenceStyles(service.model?.labels ?? []);
  const drawn = new WeakSet<vscode.TextEditor>();
  const update = (editor: vscode.TextEditor): void => {
    const compared = comparisons.isDrawn(editor.document.uri) ? comparisons.of(editor.document) : undefined;
    if (!compared && !drawn.has(editor)) return;
    drawn.add(editor);
    draw(editor, compared, styles);
  };
  const updateAll = throttled(() => vscode.window.visibleTextEditors.forEach(update), DRAW_MS);
  return vscode.Disposable.from(
    updateAll,
    comparisons.onChange(updateAll),
    vscode.window.onDidChangeVisibleTextEditors(updateAll),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => update(textEditor)),
    service.onState((state) => {
      if (state.kind !== 'ready') return;
      styles.dispose();
      styles = new DifferenceStyles(state.model.labels);
      updateAll();
    }),
    { dispose: () => styles.dispose() },
  );
}

interface Side {
  readonly start: number;
  readonly end: number;
  readonly side: 'gold' | 'predicted';
  readonly label: string;
  readonly kind: DifferenceKind;
}

function draw(editor: vscode.TextEditor, compared: ComparedNote | undefined, styles: DifferenceStyles): void {
  const { document } = editor;
  const ranges = new Map<vscode.TextEditorDecorationType, vscode.Range[]>();
  const add = (type: vscode.TextEditorDecorationType, start: number, end: number): void => {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    ranges.set(type, [...(ranges.get(type) ?? []), range]);
  };
  const near = compared ? inSight(editor, compared.differences) : [];
  for (const { start, end, entities: sides } of segmentSpans(near.flatMap(sidesOf).sort(byPlace))) {
    const labels = (side: Side['side']): string[] =>
      sides.filter((one) => one.side === side).map(({ label }) => label);
    const kind = worstKind(sides.map((side) => side.kind));
    add(styles.forStretch({ gold: labels('gold'), predicted: labels('predicted'), kind }), start, end);
  }
  for (const [end, differences] of byEnd(near)) add(styles.forTag(differences), end, end);
  for (const [line, kind] of worstOfLines(document, near)) {
    const at = document.offsetAt(new vscode.Position(line, 0));
    add(styles.forGutter(kind), at, at);
  }
  for (const type of styles.all()) editor.setDecorations(type, ranges.get(type) ?? []);
}

function inSight(editor: vscode.TextEditor, differences: readonly Difference[]): Difference[] {
  const seen = visibleSpan(editor);
  return differences.filter((one) => {
    const { start, end } = extent(one);
    return end > seen.start - MARGIN && start < seen.end + MARGIN;
  });
}

function sidesOf({ kind, gold, predicted }: Difference): Side[] {
  const golds = (gold?.fragments ?? []).map((span): Side => ({
    ...span,
    side: 'gold',
    label: gold!.label,
    kind,
  }));
  if (!predicted) return golds;
  const { start, end, label } = predicted;
  return [...golds, { start, end, label, side: 'predicted', kind }];
}

function byEnd(differences: readonly Difference[]): Map<number, Difference[]> {
  const ends = new Map<number, Difference[]>();
  for (const one of differences) ends.set(extent(one).end, [...(ends.get(extent(one).end) ?? []), one]);
  return ends;
}

function byPlace(a: Side, b: Side): number {
  return a.start - b.start || b.end - a.end;
}

function worstOfLines(
  document: vscode.TextDocument,
  differences: readonly Difference[],
): Map<number, DifferenceKind> {
  const lines = new Map<number, DifferenceKind>();
  for (const difference of differences.filter(isError)) {
    const { line } = document.positionAt(extent(difference).start);
    lines.set(line, worstKind([difference.kind, ...(lines.has(line) ? [lines.get(line)!] : [])]));
  }
  return lines;
}
