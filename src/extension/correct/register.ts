import * as vscode from 'vscode';
import type { NoteTracker } from '../noteTracker';
import type { PredictionService } from '../predictionService';
import { registerCodeActions } from './codeActions';
import { Comparisons } from './comparisons';
import { registerCorrectionCommands } from './correctionCommands';
import { Corrections } from './corrections';
import { Corrector } from './corrector';
import { registerDifferenceCommands } from './differenceCommands';
import { registerDifferenceDecorations } from './differenceDecorations';
import { registerDifferenceHover } from './differenceHover';
import { registerDifferencesView } from './differencesView';
import { GoldStore } from './goldStore';
import { registerNoteDocuments } from './noteDocuments';
import { ReviewMemory } from './reviewMemory';
import { recoverSaves, SaveGuard } from './saveGuard';
import { registerUncertainNotes } from './uncertainNotes';
import { WorkspaceFiles } from './workspaceFiles';

/** Gold against predicted, correcting, and which note comes next. */
export interface Correcting extends vscode.Disposable {
  readonly comparisons: Comparisons;
  readonly golds: GoldStore;
}

export function registerCorrecting(
  tracker: NoteTracker,
  service: PredictionService,
  context: vscode.ExtensionContext,
): Correcting {
  const files = new WorkspaceFiles(service);
  const golds = new GoldStore(files, tracker);
  const memory = new ReviewMemory(context.workspaceState);
  const comparisons = new Comparisons(tracker, golds, memory);
  const storage = context.storageUri ?? context.globalStorageUri;
  const guard = new SaveGuard(vscode.Uri.joinPath(storage, 'saving'));
  const corrections = new Corrections(new Corrector(golds, guard), memory);
  const recovering = setImmediate(() => void recoverSaves(guard));
  const all = vscode.Disposable.from(
    files,
    golds,
    memory,
    comparisons,
    corrections,
    registerNoteDocuments(files),
    registerDifferenceDecorations(comparisons, service),
    registerDifferenceHover(comparisons, service),
    registerDifferencesView(comparisons),
    registerDifferenceCommands(comparisons, golds, files),
    registerCorrectionCommands(comparisons, corrections, service),
    registerCodeActions(comparisons),
    registerUncertainNotes(files, service, memory, context.storageUri),
  );
  return { comparisons, golds, dispose: () => (clearImmediate(recovering), void all.dispose()) };
}
