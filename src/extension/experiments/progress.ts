import * as vscode from 'vscode';
import type { PlanState } from '../../core/experiments/planState';
import type { PlanSummary } from '../../core/experiments/planSummary';
import { systemsOfPlan } from '../../core/experiments/planSummary';
import { refusalInWords } from '../refusal';
import { writeSetting } from '../settings';
import { nameOf } from './folders';
import type { Plans, RunningPlan } from './plans';
import { meanAndDeviation, progressLine, strategyName } from './words';

/** Redrawn so often, in milliseconds, also while nothing is heard: time goes by. */
const REDRAWN_MS = 1000;

/** Plans whose interruption the person has been told of, by the pipe of the process that was ended. */
const TOLD = 'interruptions';

/**
 * Shows what plans do: a notification while one is carried out, also after a reload of the window; its figures at the
 * end; and an offer to resume where its process was ended from outside.
 */
export function registerProgress(plans: Plans, memory: vscode.Memento): vscode.Disposable {
  return vscode.Disposable.from(
    plans.onBegin((plan) => void showProgress(plans, plan)),
    plans.onEnd(({ folder, state }) => void showEnd(plans, folder, state)),
    plans.onDeath(({ folder, runner }) => void offerToResume(plans, memory, folder, runner.pipe)),
  );
}

async function showProgress(plans: Plans, { folder }: RunningPlan): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const title = nameOf(folder);
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    let reached = 0;
    const show = (): void => {
      const plan = plans.running(folder);
      if (!plan) return;
      const share = shareDone(plan.state);
      progress.report({ message: progressLine(plan.state, plan.now()), increment: 100 * (share - reached) });
      reached = share;
    };
    show();
    const timer = setInterval(show, REDRAWN_MS);
    const cancel = token.onCancellationRequested(() => void plans.stop(folder));
    await untilGone(plans, folder);
    clearInterval(timer);
    cancel.dispose();
  });
}

async function untilGone(plans: Plans, folder: string): Promise<void> {
  if (!plans.running(folder)) return;
  await new Promise<void>((resolve) => {
    const look = plans.onChange(() => {
      if (plans.running(folder)) return;
      look.dispose();
      resolve();
    });
  });
}

/** Of the whole plan, 0 to 1. */
function shareDone({ progress, run }: PlanState): number {
  const done = progress.finished + progress.failed + (run?.progress ?? 0);
  return progress.total === 0 ? 0 : Math.min(1, done / progress.total);
}

async function showEnd(plans: Plans, folder: string, state: PlanState): Promise<void> {
  const { end, failures, progress } = state;
  const name = nameOf(folder);
  if (end?.reason === 'failed')
    return void vscode.window.showErrorMessage(`${name}: ${refusalInWords(end.message ?? '')}`);
  if (end?.reason === 'stopped') {
    const stopped = vscode.l10n.t(
      '{0}: stopped, {1} of {2} runs done.',
      name,
      progress.finished,
      progress.total,
    );
    return offer(folder, stopped);
  }
  const [first] = failures;
  if (first) {
    const failed = vscode.l10n.t(
      '{0}: {1} of {2} runs failed. {3}',
      name,
      failures.length,
      progress.total,
      refusalInWords(first.message),
    );
    return offer(folder, failed);
  }
  const plan = (await plans.refresh()).find((one) => one.folder === folder);
  if (plan) await showFigures(plan);
}

async function showFigures(plan: PlanSummary): Promise<void> {
  const report = vscode.l10n.t('Open Report');
  const use = vscode.l10n.t('Use This Model');
  const [only, ...others] = plan.runs;
  const model = others.length === 0 ? only?.model : undefined;
  const buttons = [report, ...(model ? [use] : [])];
  const choice = await vscode.window.showInformationMessage(figuresLine(plan), ...buttons);
  if (choice === report) await vscode.commands.executeCommand('anamnese.openReport', plan.folder);
  if (choice === use && model) await writeSetting('model', model);
}

/** The test figures of a plan in one sentence: of its only run, or of its best system and how many there are. */
export function figuresLine(plan: PlanSummary): string {
  const systems = systemsOfPlan(plan).filter(({ mean }) => mean !== undefined);
  const [best] = [...systems].sort((a, b) => b.mean! - a.mean!);
  if (!best) return vscode.l10n.t('{0}: done.', plan.name);
  const what = best.scheme
    ? `${strategyName(best.strategy)} · ${best.scheme} · ${best.encoder}`
    : best.encoder;
  const figure = meanAndDeviation(best);
  if (systems.length === 1)
    return vscode.l10n.t('{0}: {1}, micro F1 of the scored notes’ tokens {2}.', plan.name, what, figure);
  return vscode.l10n.t(
    '{0}: highest mean of {1}: {2}, micro F1 of the scored notes’ tokens {3}. The report says which differences are significant.',
    plan.name,
    systems.length,
    what,
    figure,
  );
}

async function offerToResume(
  plans: Plans,
  memory: vscode.Memento,
  folder: string,
  pipe: string,
): Promise<void> {
  const told = memory.get<string[]>(TOLD, []);
  if (told.includes(pipe)) return;
  await memory.update(TOLD, [...told.slice(-50), pipe]);
  const plan = (await plans.list()).find((one) => one.folder === folder);
  if (!plan || plan.problem) return;
  const done = plan.runs.filter(({ state }) => state === 'finished').length;
  const interrupted = vscode.l10n.t(
    '{0} was interrupted: {1} of {2} runs are done, and the one under way goes on from its last checkpoint.',
    plan.name,
    done,
    plan.runs.length,
  );
  await offer(folder, interrupted);
}

async function offer(folder: string, message: string): Promise<void> {
  const resume = vscode.l10n.t('Resume');
  const choice = await vscode.window.showWarningMessage(message, resume);
  if (choice === resume) await vscode.commands.executeCommand('anamnese.resume', folder);
}
