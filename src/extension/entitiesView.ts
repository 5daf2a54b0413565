import * as vscode from 'vscode';
import type { Entity } from '../core/text/entity';
import type { Comparisons } from './correct/comparisons';
import { corpusFileOf } from './correct/noteDocuments';
import type { EntityFilter } from './entityFilter';
import { labelColor } from './labelColors';
import { labelName } from './labelNames';
import type { LabelVisibility } from './labelVisibility';
import type { NoteTracker, TrackedNote } from './noteTracker';
import { shownNumber } from './numbers';
import type { PredictionService } from './predictionService';
import { isOutside } from './settings';
import { throttled } from './throttled';

type Node =
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'entity'; readonly entity: Entity; readonly document: vscode.TextDocument };

/** A long note answers many times a second; the view asks for all of its items each time. */
const REFRESH_MS = 250;

/** The note's file below the workspace; of a note inside a corpus file, that one. */
function shownFile(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(corpusFileOf(uri)?.file ?? uri);
}

/** The Entities view: the active note's labels with counts and a check box each, their entities below them. */
export function registerEntitiesView(
  tracker: NoteTracker,
  service: PredictionService,
  visibility: LabelVisibility,
  comparisons: Comparisons,
  filter: EntityFilter,
): vscode.Disposable {
  const provider = new EntityTree(tracker, service, visibility, comparisons, filter);
  const view = vscode.window.createTreeView('anamnese.entities', {
    treeDataProvider: provider,
    showCollapseAll: true,
  });
  const tell = contextTeller();
  const refresh = throttled(() => {
    const note = provider.note();
    const document = vscode.window.activeTextEditor?.document;
    tell('anamnese.isNote', note !== undefined);
    tell('anamnese.isOutside', document !== undefined && isOutside(document));
    if (!view.visible) return;
    view.description = note ? shownFile(note.document.uri) : '';
    view.message = provider.message();
    provider.refresh();
  }, REFRESH_MS);
  refresh();
  return vscode.Disposable.from(
    view,
    refresh,
    view.onDidChangeVisibility(refresh),
    tracker.onChange(refresh),
    visibility.onChange(refresh),
    comparisons.onChange(refresh),
    filter.onChange(refresh),
    service.onState(refresh),
    vscode.window.onDidChangeActiveTextEditor(refresh),
    vscode.commands.registerCommand('anamnese.openFolderOfFile', openFolderOfFile),
    view.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items) {
        if (node.kind !== 'label') continue;
        void visibility.setVisible(node.label, state === vscode.TreeItemCheckboxState.Checked);
      }
    }),
  );
}

/** Sets what `when` clauses ask for, each time it becomes another. */
function contextTeller(): (key: string, value: boolean) => void {
  const told = new Map<string, boolean>();
  return (key, value) => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
}

/** In a window of its own: what is open in this one stays. */
async function openFolderOfFile(): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') return;
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.joinPath(uri, '..'), {
    forceNewWindow: true,
  });
}

class EntityTree implements vscode.TreeDataProvider<Node> {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.emitter.event;

  constructor(
    private readonly tracker: NoteTracker,
    private readonly service: PredictionService,
    private readonly visibility: LabelVisibility,
    private readonly comparisons: Comparisons,
    private readonly filter: EntityFilter,
  ) {}

  refresh(): void {
    this.emitter.fire();
  }

  /** The note in the active editor. */
  note(): TrackedNote | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor && this.tracker.get(editor.document.uri);
  }

  /** What the list leaves open: that nothing was found, which could as well be yet to come, or that it is filtered. */
  message(): string {
    const note = this.note();
    if (this.filter.words !== '') return vscode.l10n.t('Filtered by “{0}”', this.filter.words);
    return note?.remaining === 0 && note.entities.length === 0
      ? vscode.l10n.t('No entities found in this note.')
      : '';
  }

  private entities(note: TrackedNote): readonly Entity[] {
    const kept = this.comparisons.kept(note);
    if (this.filter.words === '') return kept;
    const text = note.document.getText();
    return kept.filter((entity) => this.filter.matches(entity, text));
  }

  getChildren(node?: Node): Node[] {
    const note = this.note();
    if (!note) return [];
    const { document } = note;
    const entities = this.entities(note);
    if (!node) {
      const present = new Set(entities.map(({ label }) => label));
      return this.labels()
        .filter((label) => present.has(label))
        .map((label) => ({ kind: 'label', label }));
    }
    if (node.kind === 'entity') return [];
    return entities
      .filter(({ label }) => label === node.label)
      .map((entity) => ({ kind: 'entity', entity, document }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'label' ? this.labelItem(node.label) : this.entityItem(node.entity, node.document);
  }

  private labels(): readonly string[] {
    return this.service.model?.labels ?? [];
  }

  private labelItem(label: string): vscode.TreeItem {
    const note = this.note();
    const count = note ? this.entities(note).filter((entity) => entity.label === label).length : 0;
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    // What is sought is shown. A folded item stays folded under its old id.
    const isFiltered = this.filter.words !== '';
    const item = new vscode.TreeItem(labelName(label), isFiltered ? Expanded : Collapsed);
    item.id = isFiltered ? `filtered:${this.filter.words}:${label}` : `label:${label}`;
    item.description = String(count);
    item.iconPath = new vscode.ThemeIcon('symbol-color', labelColor(label, this.labels()));
    item.contextValue = 'label';
    const checked = this.visibility.isVisible(label);
    item.checkboxState = {
      state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
      tooltip: checked
        ? vscode.l10n.t('Hide {0}', labelName(label))
        : vscode.l10n.t('Show {0}', labelName(label)),
    };
    return item;
  }

  private entityItem(entity: Entity, document: vscode.TextDocument): vscode.TreeItem {
    const range = new vscode.Range(document.positionAt(entity.start), document.positionAt(entity.end));
    const item = new vscode.TreeItem(document.getText(range).replace(/\s+/g, ' '));
    item.description = shownNumber(entity.score);
    item.command = {
      title: vscode.l10n.t('Reveal'),
      command: 'vscode.open',
      arguments: [document.uri, { selection: range } satisfies vscode.TextDocumentShowOptions],
    };
    return item;
  }
}
