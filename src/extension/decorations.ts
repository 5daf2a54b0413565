import * as vscode from 'vscode';
import { segmentEntities } from '../core/text/segments';
import type { Entity } from '../core/text/entity';
import type { LabelVisibility } from './labelVisibility';
import { MarkStyles } from './markStyles';
import type { NoteTracker } from './noteTracker';
import { visibleSpan } from './noteTracker';
import type { PredictionService } from './predictionService';
import { onSettings, readSettings } from './settings';

/** Characters drawn beyond what is in sight, so that a scroll finds its marks there already. */
const MARGIN = 3000;

/** Draws entities in every visible editor; only what is near sight is drawn, whatever the length of the note. */
export function registerDecorations(
  tracker: NoteTracker,
  service: PredictionService,
  visibility: LabelVisibility,
): vscode.Disposable {
  let styles = new MarkStyles(labelsOf(service));
  const drawAll = (): void => {
    for (const editor of vscode.window.visibleTextEditors) draw(editor, tracker, visibility, styles);
  };
  const restyle = (): void => {
    styles.dispose();
    styles = new MarkStyles(labelsOf(service));
    drawAll();
  };
  const drawNote = (uri: vscode.Uri): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() === uri.toString()) draw(editor, tracker, visibility, styles);
    }
  };
  return vscode.Disposable.from(
    tracker.onChange(drawNote),
    visibility.onChange(drawAll),
    service.onState((state) => state.kind === 'ready' && restyle()),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) =>
      draw(textEditor, tracker, visibility, styles),
    ),
    vscode.window.onDidChangeActiveColorTheme(drawAll),
    onSettings(['labelTags', 'lowConfidence', 'enabled'], restyle),
    { dispose: () => styles.dispose() },
  );
}

function draw(
  editor: vscode.TextEditor,
  tracker: NoteTracker,
  visibility: LabelVisibility,
  styles: MarkStyles,
): void {
  const note = tracker.get(editor.document.uri);
  const settings = readSettings();
  const shown = note ? inSight(editor, note.entities).filter(({ label }) => visibility.isVisible(label)) : [];
  const ranges = new Map<vscode.TextEditorDecorationType, vscode.Range[]>();
  const add = (type: vscode.TextEditorDecorationType, start: number, end: number): void => {
    const range = new vscode.Range(editor.document.positionAt(start), editor.document.positionAt(end));
    ranges.set(type, [...(ranges.get(type) ?? []), range]);
  };
  for (const segment of segmentEntities(shown)) {
    add(styles.forSegment(segment, settings.lowConfidence), segment.start, segment.end);
  }
  if (tagsShown(settings.labelTags)) {
    for (const { label, end } of shown) add(styles.forTag(label), end, end);
  }
  for (const type of styles.all()) editor.setDecorations(type, ranges.get(type) ?? []);
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
  return service.state.kind === 'ready' ? service.state.model.labels : [];
}
