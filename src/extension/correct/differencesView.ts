import * as vscode from 'vscode';
import type { Difference, DifferenceKind } from '../../core/correct/differences';
import { extent, isError } from '../../core/correct/differences';
import { labelName } from '../labelNames';
import { shownNumber } from '../numbers';
import { throttled } from '../throttled';
import type { ComparedNote, Comparisons } from './comparisons';
import { spansOf } from './comparisons';
import { COLORS, kindName, sidesText, SIGNS } from './differenceNames';
import type { Target } from './target';
import { targetFor } from './target';

type Node =
  | { readonly kind: DifferenceKind; readonly members: readonly Difference[] }
  | { readonly difference: Difference; readonly document: vscode.TextDocument; readonly target: Target };

/** The order in which a person looks at them; what is usually many comes late. */
const KINDS: readonly DifferenceKind[] = [
  'label',
  'boundary',
  'both',
  'missed',
  'spurious',
  'rejected',
  'correct',
];
const REFRESH_MS = 250;
/** The context under which the view is there. */
export const SHOWS_DIFFERENCES = 'anamnese.showsDifferences';

/** The Differences view: what gold and prediction disagree in, by kind, with this note's rates at the top. */
export function registerDifferencesView(comparisons: Comparisons): vscode.Disposable {
  const provider = new DifferenceTree(comparisons);
  const view = vscode.window.createTreeView('anamnese.differences', { treeDataProvider: provider });
  const refresh = throttled(() => {
    const compared = provider.compared();
    void vscode.commands.executeCommand('setContext', SHOWS_DIFFERENCES, compared !== undefined);
    view.description = compared ? countsText(compared) : '';
    view.message = compared ? messageText(compared) : '';
    provider.refresh();
  }, REFRESH_MS);
  return vscode.Disposable.from(
    view,
    refresh,
    comparisons.onChange(refresh),
    vscode.window.onDidChangeActiveTextEditor(refresh),
  );
}

function countsText({ differences }: ComparedNote): string {
  const count = (...kinds: DifferenceKind[]): number =>
    differences.filter(({ kind }) => kinds.includes(kind)).length;
  return [
    `${SIGNS.correct} ${count('correct')}`,
    `${SIGNS.missed} ${count('missed')}`,
    `${SIGNS.spurious} ${count('spurious')}`,
    `${SIGNS.label} ${count('label', 'boundary', 'both')}`,
  ].join('  ');
}

/** Whose predictions, which gold, and the rates; or why there is nothing to compare. */
function messageText({ gold, isChanged, rates, run }: ComparedNote): string {
  if (isChanged)
    return vscode.l10n.t('This note was edited after it was annotated: save it, or undo the changes.');
  if (!gold) return vscode.l10n.t('No corpus file holds this note. Accept or add an entity to begin one.');
  const file = vscode.workspace.asRelativePath(gold.file);
  const numbers = vscode.l10n.t(
    'This note: P {0} · R {1} · F1 {2} (whole entities)',
    shownNumber(rates.precision),
    shownNumber(rates.recall),
    shownNumber(rates.f1),
  );
  const others = gold.others > 0 ? ` · ${vscode.l10n.t('{0} other files hold it too', gold.others)}` : '';
  const whose = run
    ? vscode.l10n.t('{0} against run {1}', file, run.name)
    : vscode.l10n.t('{0} against the model at hand', file);
  return `${numbers} · ${whose}${others}`;
}

class DifferenceTree implements vscode.TreeDataProvider<Node> {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.emitter.event;

  constructor(private readonly comparisons: Comparisons) {}

  refresh(): void {
    this.emitter.fire();
  }

  /** The comparison of the active note, where it is shown. */
  compared(): ComparedNote | undefined {
    const document = vscode.window.activeTextEditor?.document;
    return document && this.comparisons.isShown(document.uri) ? this.comparisons.of(document) : undefined;
  }

  getChildren(node?: Node): Node[] {
    const compared = this.compared();
    if (!compared) return [];
    const { differences, document } = compared;
    if (!node)
      return KINDS.map((kind) => ({ kind, members: differences.filter((one) => one.kind === kind) })).filter(
        ({ members }) => members.length > 0,
      );
    if ('difference' in node) return [];
    return node.members.map((difference) => ({
      difference,
      document,
      target: targetFor(document, difference),
    }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return 'difference' in node
      ? differenceItem(node.difference, node.document)
      : kindItem(node.kind, node.members);
  }
}

function kindItem(kind: DifferenceKind, members: readonly Difference[]): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    `${SIGNS[kind]} ${kindName(kind)}`,
    isError(members[0]!) ? Expanded : Collapsed,
  );
  item.id = `kind:${kind}`;
  item.description = String(members.length);
  item.iconPath = new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor(COLORS[kind]));
  return item;
}

function differenceItem(difference: Difference, document: vscode.TextDocument): vscode.TreeItem {
  const words = wordsOf(difference, document);
  const item = new vscode.TreeItem(words);
  item.description = sidesShort(difference);
  item.tooltip = `${kindName(difference.kind)}: ${sidesText(difference)}`;
  item.accessibilityInformation = { label: `${words}, ${item.tooltip}` };
  item.contextValue = `difference.${difference.kind}`;
  const { start, end } = extent(difference);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  item.command = {
    title: vscode.l10n.t('Reveal'),
    command: 'vscode.open',
    arguments: [document.uri, { selection: range } satisfies vscode.TextDocumentShowOptions],
  };
  return item;
}

/** `gold → predicted` with as little as tells them apart. */
function sidesShort({ gold, predicted, kind }: Difference): string {
  const found = predicted && `${labelName(predicted.label)} ${shownNumber(predicted.score)}`;
  if (!gold) return found!;
  if (!found || kind === 'correct') return found ?? labelName(gold.label);
  return `${labelName(gold.label)} → ${found}`;
}

/** The words that gold marks, else those that were predicted; fragments apart. */
export function wordsOf(difference: Difference, document: vscode.TextDocument): string {
  const spans = difference.gold?.fragments ?? spansOf(difference);
  const text = document.getText();
  return spans.map(({ start, end }) => text.slice(start, end).replace(/\s+/g, ' ')).join(' … ');
}
