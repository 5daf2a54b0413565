import * as vscode from 'vscode';
import { registerCorrecting } from './correct/register';
import type { Encoders } from './encoders/encoders';
import { encodersFolder, registerEncoders } from './encoders/register';
import { registerEncodingHint } from './encodingHint';
import type { Experiments } from './experiments/register';
import { registerExperiments } from './experiments/register';
import { registerExport } from './exportEntities';
import { registerNavigation } from './navigation';
import type { Notes } from './notes';
import { registerPickers } from './pickers';
import { registerRemote } from './remote/register';
import { registerReport } from './reportPanel';

/** What people ask for by name. */
export interface Corpora {
  readonly experiments: Experiments;
  readonly encoders: Encoders;
}

/** Correcting, experiments, encoders, reports, and the commands on a note: a turn after what a note in sight needs. */
export function registerCorpora(
  context: vscode.ExtensionContext,
  { service, tracker, visibility, comparing }: Notes,
  log: vscode.LogOutputChannel,
): Corpora {
  const { comparisons } = comparing;
  const at = (...parts: string[]): string => vscode.Uri.joinPath(context.extensionUri, ...parts).fsPath;
  const remote = registerRemote(context, log);
  const experiments = registerExperiments(
    {
      runnerBundle: at('dist', 'planRunner.js'),
      surveyorBundle: at('dist', 'surveyor.js'),
      defaultModel: at('models', 'anamnese-default'),
      encodersFolder: encodersFolder(context),
    },
    log,
    context.workspaceState,
    remote,
  );
  const encoders = registerEncoders(context, at('dist', 'fetcher.js'), experiments.survey, log);
  context.subscriptions.push(
    registerNavigation(tracker, visibility, comparisons),
    registerPickers(service, context, encoders),
    registerExport(tracker, comparisons),
    registerEncodingHint(),
    registerCorrecting(comparing, service, context),
    registerReport(context.extensionUri, log, experiments.plans),
    experiments,
    remote,
  );
  return { experiments, encoders };
}
