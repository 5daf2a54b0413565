import * as vscode from 'vscode';
import type { PlanSummary } from '../../core/experiments/planSummary';
import { isPlanCorrected } from '../../protocol/survey';
import { errorInWords } from '../refusal';
import type { GivenModels } from '../remote/compareLanguageModels';
import { askableModels, compareLanguageModels } from '../remote/compareLanguageModels';
import { mayAsk } from '../remote/permission';
import type { Remote } from '../remote/register';
import { recall, remember } from './choices';
import type { FlowContext, Given } from './flows';
import { Flow } from './flows';
import { chooseTask } from './chooseTask';
import { nameOf } from './folders';
import type { Place } from './pick';
import { tellCorrected } from './order';
import { figuresLine } from './progress';

/** What the tree hands to a command, or a folder by itself. */
type PlanArgument = string | { readonly plan?: Pick<PlanSummary, 'folder'> } | undefined;

/** The commands of experiments: those that make plans, and those about one. */
export function registerExperimentCommands(context: FlowContext, remote: Remote): vscode.Disposable {
  const command = (name: string, run: (argument: never) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`anamnese.${name}`, run);
  const { plans } = context;
  return vscode.Disposable.from(
    command('trainOnCorpus', (given?: Given) =>
      trusted(() => new Flow(context, 'train', vscode.l10n.t('Train on Workspace Corpus')).train(given)),
    ),
    command('evaluateModel', (given?: Given) =>
      trusted(() => new Flow(context, 'evaluate', vscode.l10n.t('Evaluate Model')).evaluate(given)),
    ),
    command('compareStrategies', (given?: Given) =>
      trusted(() => new Flow(context, 'strategies', vscode.l10n.t('Compare Strategies')).train(given)),
    ),
    command('compareModels', (given?: Given) => trusted(() => compareModels(context, remote, given))),
    command('compareLanguageModels', (given?: GivenModels) =>
      trusted(() => compareLanguageModels(context, remote, given)),
    ),
    command('resume', (argument: PlanArgument) => trusted(() => resume(context, remote, argument))),
    command('cancel', (argument: PlanArgument) => cancel(context, argument)),
    command('revealPlan', (argument: PlanArgument) => {
      const folder = folderOf(argument);
      if (folder) void vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(folder));
    }),
    command('openPlanReport', (argument: PlanArgument) =>
      vscode.commands.executeCommand('anamnese.openReport', folderOf(argument)),
    ),
    command('removePlan', (argument: PlanArgument) => remove(context, argument)),
    command('refreshPlans', () => plans.refresh()),
  );
}

/** Nothing is trained in a workspace that is not trusted: what it holds would decide what is computed, and how long. */
async function trusted<T>(run: () => Promise<T>): Promise<T | undefined> {
  if (
    vscode.workspace.isTrusted &&
    vscode.workspace.workspaceFolders?.some(({ uri }) => uri.scheme === 'file')
  )
    return run();
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const needed = vscode.workspace.isTrusted
    ? vscode.l10n.t('Open a folder on this machine first: its notes are what is learnt from.')
    : vscode.l10n.t('Training and evaluating need a workspace that you trust.');
  const buttons = vscode.workspace.isTrusted ? [] : [manage];
  void vscode.window.showWarningMessage(needed, ...buttons).then((choice) => {
    if (choice === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return undefined;
}

export async function compareModels(
  context: FlowContext,
  remote: Pick<Remote, 'consent' | 'keys' | 'person'>,
  given?: Given,
): Promise<string | undefined> {
  const title = vscode.l10n.t('Compare Models');
  const task = given?.task ?? (await chooseTask(title, recall(context.memory, 'models').task));
  if (!task) return undefined;
  if (!given?.task) await remember(context.memory, 'models', { task });
  if (task === 'evaluate') return new Flow(context, 'models', title).evaluate(given);
  const besides = (place: Place) => askableModels(context, remote, place, given?.languageModels);
  return new Flow(context, 'models', title, task === 'mixed' ? besides : undefined).train(given);
}

/** Whoever resumes a plan that asks language models is asked for what was taken back meanwhile. */
export async function resume(
  { plans, survey }: Pick<FlowContext, 'plans' | 'survey'>,
  remote: Pick<Remote, 'consent' | 'keys' | 'person'>,
  argument: PlanArgument,
): Promise<void> {
  const waiting = async (): Promise<PlanSummary[]> =>
    (await plans.refresh()).filter(({ folder, runs }) => !plans.running(folder) && runs.some(isLeft));
  const folder =
    folderOf(argument) ?? (await pickPlan(await waiting(), vscode.l10n.t('No plan has runs left.')));
  if (!folder) return;
  const plan = (await plans.list()).find((one) => one.folder === folder);
  const asks = plan?.runs.some(({ run, state }) => run.kind === 'prompt' && state !== 'finished');
  if (asks && !(await mayAsk(plan?.endpoints ?? [], remote, survey))) return;
  await plans.start(folder).catch((error: Error) => void vscode.window.showErrorMessage(errorInWords(error)));
  // Two reads of the corpus: nothing waits for them.
  void survey.ask(isPlanCorrected, { folder }).then(
    (isCorrected) => isCorrected && tellCorrected(folder),
    () => undefined,
  );
}

async function cancel({ plans }: FlowContext, argument: PlanArgument): Promise<void> {
  const running = plans.runningFolders().map((folder) => ({ folder, name: nameOf(folder) }));
  const folder =
    folderOf(argument) ?? (await pickPlan(running, vscode.l10n.t('No plan is being carried out.')));
  if (folder) await plans.stop(folder);
}

function isLeft({ state }: PlanSummary['runs'][number]): boolean {
  return state !== 'finished';
}

/** The only plan, or one of several; undefined where there is none, which the person is told. */
async function pickPlan(
  plans: readonly (Pick<PlanSummary, 'folder' | 'name'> & Partial<PlanSummary>)[],
  none: string,
): Promise<string | undefined> {
  const [only, ...others] = plans;
  if (!only) return void vscode.window.showInformationMessage(none);
  if (others.length === 0) return only.folder;
  const items = plans.map((plan) => ({
    label: plan.name,
    ...(plan.runs ? { detail: figuresLine(plan as PlanSummary) } : {}),
    folder: plan.folder,
  }));
  return (await vscode.window.showQuickPick(items))?.folder;
}

async function remove({ plans }: FlowContext, argument: PlanArgument): Promise<void> {
  const folder = folderOf(argument);
  if (!folder) return;
  const yes = vscode.l10n.t('Move to Trash');
  const question = vscode.l10n.t('Remove {0} with all its runs?', nameOf(folder));
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  await plans.stop(folder);
  await Promise.resolve(
    vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true }),
  ).catch((error: Error) => void vscode.window.showErrorMessage(errorInWords(error)));
  await plans.refresh();
}

function folderOf(argument: PlanArgument): string | undefined {
  return typeof argument === 'string' ? argument : argument?.plan?.folder;
}
