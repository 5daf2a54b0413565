import * as vscode from 'vscode';
import type { PlanSummary, RunSummary, SystemSummary } from '../../core/experiments/planSummary';
import { systemsOfPlan } from '../../core/experiments/planSummary';
import { millisecondsLeft } from '../../core/experiments/planState';
import { refusalInWords } from '../refusal';
import { throttled } from '../throttled';
import type { Plans } from './plans';
import { howRun, decimals, meanAndDeviation, planName, progressLine, runName, shownDuration } from './words';

type Node =
  | { readonly kind: 'plan'; readonly plan: PlanSummary }
  | { readonly kind: 'system'; readonly plan: PlanSummary; readonly system: SystemSummary }
  | { readonly kind: 'run'; readonly plan: PlanSummary; readonly one: RunSummary };

/** Steps come several times a second; a row is drawn anew less often. */
const REFRESH_MS = 1000;

/** The Experiments view: plans, their systems with mean and deviation, their runs. Read when it is first seen. */
export function registerExperimentsView(plans: Plans): vscode.Disposable {
  const tree = new PlanTree(plans);
  const view = vscode.window.createTreeView('anamnese.experiments', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const stale = new Set<string | undefined>();
  const refresh = throttled(() => {
    if (!view.visible) return;
    for (const folder of stale) tree.refresh(folder);
    stale.clear();
  }, REFRESH_MS);
  return vscode.Disposable.from(
    view,
    refresh,
    plans.onChange((folder) => (stale.add(folder), refresh())),
    view.onDidChangeVisibility(refresh),
    seeWhile(plans, view),
  );
}

/** The list is kept up to date as long as it is in sight. */
function seeWhile(plans: Plans, view: vscode.TreeView<Node>): vscode.Disposable {
  let seeing = view.visible ? plans.see() : undefined;
  const listening = view.onDidChangeVisibility(({ visible }) => {
    seeing?.dispose();
    seeing = visible ? plans.see() : undefined;
  });
  return { dispose: () => (listening.dispose(), seeing?.dispose()) };
}

class PlanTree implements vscode.TreeDataProvider<Node> {
  private readonly emitter = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private roots: Node[] = [];

  constructor(private readonly plans: Plans) {}

  /** Draws a plan's row again, or all that there is. */
  refresh(folder: string | undefined): void {
    this.emitter.fire(this.roots.find(({ plan }) => plan.folder === folder));
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      const plans = await this.plans.list().catch((): readonly PlanSummary[] => []);
      return (this.roots = plans.map((plan) => ({ kind: 'plan', plan })));
    }
    const { plan } = node;
    if (node.kind === 'plan') return systemsOfPlan(plan).map((system) => ({ kind: 'system', plan, system }));
    return node.kind === 'system' ? node.system.runs.map((one) => ({ kind: 'run', plan, one })) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'plan') return this.planItem(node.plan);
    return node.kind === 'system' ? systemItem(node.plan, node.system) : this.runItem(node.plan, node.one);
  }

  private planItem(plan: PlanSummary): vscode.TreeItem {
    const { label, date } = planName(plan.name);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    const running = this.plans.running(plan.folder);
    const done = plan.runs.filter(({ state }) => state === 'finished').length;
    const left = done < plan.runs.length;
    const time = running ? millisecondsLeft(running.state, running.now()) : null;
    const state = time === null ? this.stateOf(plan, left) : shownDuration(time);
    item.id = plan.folder;
    item.description = [`${done}/${plan.runs.length}`, state, date].filter(Boolean).join(' · ');
    item.iconPath = planIcon(running !== undefined, this.plans.isInterrupted(plan.folder), left);
    item.contextValue = running ? 'plan.running' : left ? 'plan.left' : 'plan.done';
    const of = vscode.l10n.t('{0} of {1} runs', done, plan.runs.length);
    const doing = running ? progressLine(running.state, running.now()) : plan.folder;
    item.tooltip = `${plan.name}\n${of}\n${doing}`;
    if (plan.problem) return asProblem(item, refusalInWords(plan.problem), plan.folder);
    return item;
  }

  private stateOf({ folder }: PlanSummary, left: boolean): string {
    if (this.plans.running(folder)) return '';
    if (this.plans.isInterrupted(folder)) return vscode.l10n.t('interrupted');
    return left ? vscode.l10n.t('stopped') : '';
  }

  private runItem(plan: PlanSummary, one: RunSummary): vscode.TreeItem {
    const { run, state, microF1, macroF1, problem } = one;
    const item = new vscode.TreeItem(vscode.l10n.t('seed {0}', run.seed));
    const live = this.plans.running(plan.folder)?.state;
    item.id = `${plan.folder}/${run.id}`;
    item.contextValue = 'run';
    item.tooltip = runName(run);
    if (state === 'finished' && microF1 !== undefined && macroF1 !== undefined) {
      item.description = vscode.l10n.t('micro {0} · macro {1}', decimals(microF1, 3), decimals(macroF1, 3));
      item.iconPath = new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
      return item;
    }
    const failure = live?.failures.find(({ id }) => id === run.id)?.message ?? problem;
    if (failure) return asProblem(item, refusalInWords(failure));
    const isLive = live?.run?.id === run.id;
    item.iconPath = new vscode.ThemeIcon(isLive ? 'loading~spin' : 'circle-outline');
    item.description = isLive ? vscode.l10n.t('running') : waitingName(state);
    return item;
  }
}

function waitingName(state: RunSummary['state']): string {
  return state === 'begun' ? vscode.l10n.t('begun') : vscode.l10n.t('waiting');
}

function systemItem(plan: PlanSummary, system: SystemSummary): vscode.TreeItem {
  const { run } = system.runs[0]!;
  const encoders = new Set(plan.runs.map((one) => one.run.encoder)).size;
  const label = [...(encoders > 1 || run.kind !== 'train' ? [run.encoder] : []), ...howRun(run)].join(' · ');
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${plan.folder}#${label}#${run.encoder}`;
  item.description = meanAndDeviation(system);
  item.contextValue = 'system';
  item.iconPath = new vscode.ThemeIcon('graph');
  item.tooltip = vscode.l10n.t(
    '{0} on {1}: micro F1 of the scored notes’ tokens, mean and standard deviation over seeds; thresholds were not chosen on those notes',
    label,
    run.encoder,
  );
  return item;
}

/** A row is narrow: the folder that it stands for need not be said again. */
function asProblem(item: vscode.TreeItem, message: string, folder = ''): vscode.TreeItem {
  item.description = (message.startsWith(folder) ? message.slice(folder.length) : message)
    .replace(/^[/\\]/, '')
    .split('\n')[0]!;
  item.tooltip = message;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  return item;
}

function planIcon(running: boolean, interrupted: boolean, left: boolean): vscode.ThemeIcon {
  if (running) return new vscode.ThemeIcon('loading~spin');
  if (interrupted) return new vscode.ThemeIcon('debug-disconnect');
  return new vscode.ThemeIcon(left ? 'debug-pause' : 'beaker');
}
