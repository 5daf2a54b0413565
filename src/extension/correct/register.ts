import * as vscode from 'vscode';
import type { PredictionService } from '../predictionService';
import { registerCodeActions } from './codeActions';
import type { Comparing } from './comparing';
import { registerCorrectionCommands } from './correctionCommands';
import { Corrections } from './corrections';
import { Corrector } from './corrector';
import { registerDifferenceCommands } from './differenceCommands';
import { registerDifferenceDecorations } from './differenceDecorations';
import { registerDifferenceHover } from './differenceHover';
import { registerDifferencesView } from './differencesView';
import { registerNoteDocuments } from './noteDocuments';
import { recoverSaves, SaveGuard } from './saveGuard';
import { registerUncertainNotes } from './uncertainNotes';

/** Differences in sight, correcting, and which note comes next. */
export function registerCorrecting(
  { files, golds, memory, comparisons }: Comparing,
  service: PredictionService,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  const storage = context.storageUri ?? context.globalStorageUri;
  const guard = new SaveGuard(vscode.Uri.joinPath(storage, 'saving'));
  const corrections = new Corrections(new Corrector(golds, guard), memory);
  const recovering = setImmediate(() => void recoverSaves(guard));
  return vscode.Disposable.from(
    corrections,
    registerNoteDocuments(files),
    registerDifferenceDecorations(comparisons, service),
    registerDifferenceHover(comparisons, service),
    registerDifferencesView(comparisons),
    registerDifferenceCommands(comparisons, golds, files),
    registerCorrectionCommands(comparisons, corrections, service),
    registerCodeActions(comparisons),
    registerUncertainNotes(files, service, memory, context.storageUri),
    { dispose: () => clearImmediate(recovering) },
  );
}
