import * as vscode from 'vscode';
import type { Comparing } from './correct/comparing';
import { openComparing } from './correct/comparing';
import { registerDecorations } from './decorations';
import { registerEntitiesView } from './entitiesView';
import { EntityFilter } from './entityFilter';
import { registerHover } from './hover';
import { LabelVisibility } from './labelVisibility';
import { NoteTracker } from './noteTracker';
import { PredictionService } from './predictionService';
import { registerStatusBar } from './statusBar';
import { registerWelcome } from './welcome';

/** What a note in sight needs. */
export interface Notes {
  readonly service: PredictionService;
  readonly tracker: NoteTracker;
  readonly visibility: LabelVisibility;
  readonly comparing: Comparing;
}

/** Marks, hover, status bar and the Entities view. */
export function registerNotes(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Notes {
  const at = (...parts: string[]): string => vscode.Uri.joinPath(context.extensionUri, ...parts).fsPath;
  const installation = {
    workerBundle: at('dist', 'worker.js'),
    defaultModel: at('models', 'anamnese-default'),
  };
  const service = new PredictionService(installation, log);
  const welcome = registerWelcome(service, context);
  const tracker = new NoteTracker(service);
  const visibility = new LabelVisibility();
  const filter = new EntityFilter();
  const comparing = openComparing(tracker, service, context.workspaceState);
  const { comparisons } = comparing;
  context.subscriptions.push(
    service,
    welcome,
    tracker,
    visibility,
    filter,
    comparing,
    registerDecorations(tracker, service, visibility, comparisons),
    registerHover(tracker, service, visibility, comparisons),
    registerStatusBar(tracker, service, visibility, comparisons),
    registerEntitiesView(tracker, service, visibility, comparisons, filter),
  );
  return { service, tracker, visibility, comparing };
}
