import * as vscode from 'vscode';
import type { Correcting } from './correct/register';
import { registerCorrecting } from './correct/register';
import { registerDecorations } from './decorations';
import { registerEntitiesView } from './entitiesView';
import { EntityFilter } from './entityFilter';
import { registerEncodingHint } from './encodingHint';
import type { Encoders } from './encoders/encoders';
import { encodersFolder, registerEncoders } from './encoders/register';
import { registerExperiments } from './experiments/register';
import type { Experiments } from './experiments/register';
import { registerExport } from './exportEntities';
import { registerHover } from './hover';
import { LabelVisibility } from './labelVisibility';
import { registerNavigation } from './navigation';
import { NoteTracker } from './noteTracker';
import { registerPickers } from './pickers';
import { PredictionService } from './predictionService';
import { registerRemote } from './remote/register';
import { registerReport } from './reportPanel';
import { readSettings } from './settings';
import { registerStatusBar } from './statusBar';
import { registerWelcome } from './welcome';

/** What other extensions and the tests may ask of a running Anamnese. */
export interface AnamneseApi {
  readonly service: PredictionService;
  readonly tracker: NoteTracker;
  readonly correcting: Correcting;
  readonly experiments: Experiments;
  readonly encoders: Encoders;
  /** What activating took, the loading of the code not included. */
  readonly activationMs: number;
}

export function activate(context: vscode.ExtensionContext): AnamneseApi {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('Anamnese', { log: true });
  const at = (...parts: string[]): string => vscode.Uri.joinPath(context.extensionUri, ...parts).fsPath;
  const service = new PredictionService(
    { workerBundle: at('dist', 'worker.js'), defaultModel: at('models', 'anamnese-default') },
    log,
  );
  const welcome = registerWelcome(service, context);
  const tracker = new NoteTracker(service);
  const visibility = new LabelVisibility();
  const filter = new EntityFilter();
  const correcting = registerCorrecting(tracker, service, context);
  const { comparisons } = correcting;
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
    log,
    service,
    welcome,
    tracker,
    visibility,
    filter,
    correcting,
    registerDecorations(tracker, service, visibility, comparisons),
    registerHover(tracker, service, visibility, comparisons),
    registerStatusBar(tracker, service),
    registerEntitiesView(tracker, service, visibility, comparisons, filter),
    registerNavigation(tracker, visibility, comparisons),
    registerPickers(service, context, encoders),
    registerExport(tracker, comparisons),
    registerEncodingHint(),
    registerReport(context.extensionUri, log, experiments.plans),
    experiments,
    remote,
  );
  void prepareBesideNotes(service);
  return { service, tracker, correcting, experiments, encoders, activationMs: performance.now() - started };
}

/** A workspace folder with text files is likely to hold notes: their process is started before the first is opened. */
async function prepareBesideNotes(service: PredictionService): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder || !readSettings().enabled) return;
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder.uri)).catch(() => []);
  if (entries.some(([name]) => name.toLowerCase().endsWith('.txt'))) service.prepare();
}
