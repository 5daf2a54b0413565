import * as vscode from 'vscode';
import type { FoundEncoder } from '../../core/experiments/survey';
import type { Remote } from '../remote/register';
import { onSettings } from '../settings';
import { knownEncoders } from './chooseEncoders';
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
  /** Where encoders that were added are kept. */
  readonly encodersFolder: string;
}

/** Training, evaluating and comparing: commands, view, progress, and the check of the workspace's corpora. */
export interface Experiments extends vscode.Disposable {
  readonly plans: Plans;
  readonly survey: Survey;
  /** The encoders that training and comparing offer. */
  encoders(): Promise<readonly FoundEncoder[]>;
}

export function registerExperiments(
  { runnerBundle, surveyorBundle, defaultModel, encodersFolder }: ExperimentsInstallation,
  log: vscode.LogOutputChannel,
  memory: vscode.Memento,
  remote: Remote,
): Experiments {
  const survey = new Survey(surveyorBundle, log);
  const { ask } = remote;
  const program = { bundle: runnerBundle, environment: () => remote.environment(), ask };
  const plans = new Plans(program, survey);
  const look = (): void => {
    // A file that a stranger put there must not make the editor connect to anything.
    if (vscode.workspace.isTrusted) void plans.look();
  };
  const check = registerCorpusCheck(survey);
  const disposables = vscode.Disposable.from(
    registerProgress(plans, memory),
    registerExperimentsView(plans),
    registerExperimentCommands({ survey, plans, memory, check, defaultModel, encodersFolder }, remote),
    remote.watch(plans),
    check,
    onSettings(['experiments.folder'], () => (look(), plans.stale())),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    registerRunningContext(plans),
    plans,
    survey,
  );
  // Plans of before can wait until the editor has started.
  const later = setImmediate(look);
  const encoders = (): Promise<readonly FoundEncoder[]> =>
    knownEncoders(survey, defaultModel, [encodersFolder]);
  return { plans, survey, encoders, dispose: () => (clearImmediate(later), disposables.dispose()) };
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
