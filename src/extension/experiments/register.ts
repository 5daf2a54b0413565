import * as vscode from 'vscode';
import type { Remote } from '../remote/register';
import { onSettings } from '../settings';
import { registerExperimentCommands } from './commands';
import { registerCorpusCheck } from './corpusCheck';
import { registerExperimentsView } from './experimentsView';
import { Plans } from './plans';
import { registerProgress } from './progress';
import { Survey } from './survey';

/** Where the bundles and the embedded model are. */
export interface ExperimentsInstallation {
  readonly runnerBundle: string;
  readonly surveyorBundle: string;
  readonly defaultModel: string;
}

/** Training, evaluating and comparing: commands, view, progress, and the check of the workspace's corpora. */
export interface Experiments extends vscode.Disposable {
  readonly plans: Plans;
}

export function registerExperiments(
  { runnerBundle, surveyorBundle, defaultModel }: ExperimentsInstallation,
  log: vscode.LogOutputChannel,
  memory: vscode.Memento,
  remote: Remote,
): Experiments {
  const survey = new Survey(surveyorBundle, log);
  const plans = new Plans({ bundle: runnerBundle, environment: () => remote.environment() }, survey);
  const look = (): void => {
    // A file that a stranger put there must not make the editor connect to anything.
    if (vscode.workspace.isTrusted) void plans.look();
  };
  const disposables = vscode.Disposable.from(
    registerProgress(plans, memory),
    registerExperimentsView(plans),
    registerExperimentCommands({ survey, plans, memory, defaultModel }, remote),
    remote.watch(plans),
    registerCorpusCheck(survey),
    onSettings(['experiments.folder'], () => (look(), plans.stale())),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    registerRunningContext(plans),
    plans,
    survey,
  );
  look();
  return { plans, dispose: () => disposables.dispose() };
}

/** Lets menus know whether there is something to cancel. */
function registerRunningContext(plans: Plans): vscode.Disposable {
  let told = false;
  return plans.onChange(() => {
    const running = plans.runningFolders().length > 0;
    if (running === told) return;
    told = running;
    void vscode.commands.executeCommand('setContext', 'anamnese.isPlanRunning', running);
  });
}
