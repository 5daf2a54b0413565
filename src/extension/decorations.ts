import * as vscode from 'vscode';
import { segmentEntities } from '../core/text/segments';
import type { Entity } from '../core/text/entity';
import type { Comparisons } from './correct/comparisons';
import type { LabelVisibility } from './labelVisibility';
import { MarkStyles } from './markStyles';
import type { NoteTracker } from './noteTracker';
import { visibleSpan } from './noteTracker';
import type { PredictionService } from './predictionService';
import { onSettings, readSettings } from './settings';
import { throttled } from './throttled';

/** Characters drawn beyond what is in sight, so that a scroll finds its marks there already. */
const MARGIN = 3000;

/** A long note answers many times a second; to find what is in sight takes a look at all of its entities. */
const DRAW_MS = 40;

/** What an editor was last given to draw. */
interface Drawn {
  readonly version: number;
  readonly entities: readonly Entity[];
}

/** Draws entities in every visible editor; only what is near sight is drawn, whatever the length of the note. */
export function registerDecorations(
  tracker: NoteTracker,
  service: PredictionService,
  visibility: LabelVisibility,
  comparisons: Comparisons,
): vscode.Disposable {
  let styles = new MarkStyles(labelsOf(service));
  let drawn = new WeakMap<vscode.TextEditor, Drawn>();
  const update = (editor: vscode.TextEditor): void => {
    const now = {
      version: editor.document.version,
      entities: shownIn(editor, tracker, visibility, comparisons),
    };
    if (isSame(drawn.get(editor), now)) return;
    drawn.set(editor, now);
    draw(editor, now.entities, styles);
  };
  const drawAll = (): void => {
    drawn = new WeakMap();
    vscode.window.visibleTextEditors.forEach(update);
  };
  const restyle = (): void => {
    styles.dispose();
    styles = new MarkStyles(labelsOf(service));
    drawAll();
  };
  const answered = throttled(() => vscode.window.visibleTextEditors.forEach(update), DRAW_MS);
  return vscode.Disposable.from(
    answered,
    tracker.onChange(answered),
    visibility.onChange(drawAll),
    comparisons.onChange(answered),
    service.onState((state) => state.kind === 'ready' && restyle()),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => update(textEditor)),
    vscode.window.onDidChangeActiveColorTheme(drawAll),
    onSettings(['labelTags', 'lowConfidence', 'enabled'], restyle),
    { dispose: () => styles.dispose() },
  );
}

/** Where gold and prediction are shown together, that is all that is drawn. */
function shownIn(
  editor: vscode.TextEditor,
  tracker: NoteTracker,
  visibility: LabelVisibility,
  comparisons: Comparisons,
): Entity[] {
  const { uri } = editor.document;
  const note = comparisons.isDrawn(uri) ? undefined : tracker.get(uri);
  return note
    ? inSight(editor, comparisons.kept(note)).filter(({ label }) => visibility.isVisible(label))
    : [];
}

/** Most answers of a long note are out of sight; an edit moves marks in ways of the editor's own. */
function isSame(before: Drawn | undefined, now: Drawn): boolean {
  if (before?.version !== now.version || before.entities.length !== now.entities.length) return false;
  return before.entities.every((entity, i) => {
    const other = now.entities[i]!;
    return (
      entity.start === other.start &&
      entity.end === other.end &&
      entity.label === other.label &&
      entity.score === other.score
    );
  });
}

function draw(editor: vscode.TextEditor, shown: readonly Entity[], styles: MarkStyles): void {
  const settings = readSettings();
  const ranges = new Map<vscode.TextEditorDecorationType, vscode.Range[]>();
  const add = (type: vscode.TextEditorDecorationType, start: number, end: number): void => {
    const range = new vscode.Range(editor.document.positionAt(start), editor.document.positionAt(end));
    ranges.set(type, [...(ranges.get(type) ?? []), range]);
  };
  for (const segment of segmentEntities(shown)) {
    add(styles.forSegment(segment, settings.lowConfidence), segment.start, segment.end);
  }
  if (tagsShown(settings.labelTags)) {
    for (const [end, labels] of labelsByEnd(shown)) add(styles.forTag(labels), end, end);
  }
  for (const type of styles.all()) editor.setDecorations(type, ranges.get(type) ?? []);
}

/** Entities that end together share a tag. */
function labelsByEnd(entities: readonly Entity[]): Map<number, string[]> {
  const labels = new Map<number, string[]>();
  for (const { label, end } of entities) labels.set(end, [...(labels.get(end) ?? []), label]);
  return labels;
}

function inSight(editor: vscode.TextEditor, entities: readonly Entity[]): Entity[] {
  const { start, end } = visibleSpan(editor);
  return entities.filter((entity) => entity.end > start - MARGIN && entity.start < end + MARGIN);
}

/** Where colour cannot tell labels apart, words must: high contrast themes show tags by themselves. */
function tagsShown(setting: 'auto' | 'always' | 'never'): boolean {
  if (setting !== 'auto') return setting === 'always';
  const { kind } = vscode.window.activeColorTheme;
  return kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
}

function labelsOf(service: PredictionService): readonly string[] {
  return service.model?.labels ?? [];
}
