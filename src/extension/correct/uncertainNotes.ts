import * as vscode from 'vscode';
import type { RankedNote } from '../../protocol/corpus';
import * as protocol from '../../protocol/corpus';
import type { PredictionService } from '../predictionService';
import { errorInWords } from '../refusal';
import { identityOf } from './reviewMemory';
import type { ReviewMemory } from './reviewMemory';
import { addressOf } from './noteDocuments';
import type { WorkspaceFiles } from './workspaceFiles';

/**
 * `Next Uncertain Note`: opens the note from which the model would learn most among those that nobody has annotated or
 * marked as reviewed. The worker scores them in the background (`uncertaintyOf`), each text once a model.
 */
export function registerUncertainNotes(
  files: WorkspaceFiles,
  service: PredictionService,
  memory: ReviewMemory,
  storage: vscode.Uri | undefined,
): vscode.Disposable {
  const opened = new Set<string>();
  const next = async (): Promise<string | undefined> => {
    const ranked = await rankInBackground(files, service, {
      without: [...memory.reviewed()],
      cache: folderOf(storage),
    });
    if (!ranked) return undefined;
    // Those that were shown and left as they were come again when all have been shown.
    const [best] = ranked.filter(({ key }) => !opened.has(key));
    const note = best ?? ranked[0];
    if (!note) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Every note of the workspace is annotated or marked as reviewed.'),
      );
      return undefined;
    }
    if (!best) opened.clear();
    opened.add(note.key);
    await open(note, ranked.length);
    return note.key;
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('anamnese.nextUncertainNote', () =>
      next().catch((error: Error) => void vscode.window.showErrorMessage(errorInWords(error))),
    ),
    vscode.commands.registerCommand('anamnese.markReviewed', async () => {
      const document = vscode.window.activeTextEditor?.document;
      if (!document) return;
      const isReviewed = !memory.isReviewed(document);
      await memory.setReviewed(document, isReviewed);
      if (isReviewed) opened.add(identityOf(document));
      const sentence = isReviewed
        ? vscode.l10n.t('Marked as reviewed: Next Uncertain Note passes it over.')
        : vscode.l10n.t('No longer marked as reviewed.');
      void vscode.window.setStatusBarMessage(sentence, 5000);
    }),
  );
}

async function rankInBackground(
  files: WorkspaceFiles,
  service: PredictionService,
  asked: protocol.RankNotes,
): Promise<RankedNote[] | undefined> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('Looking for the note that the model is least sure of');
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    service.tryAgain(true);
    await service.connection();
    const connection = await files.connection();
    let shown = 0;
    const listening = connection.onNotification(protocol.ranking, ({ done, of }) => {
      const now = (100 * done) / Math.max(1, of);
      progress.report({ message: vscode.l10n.t('{0} of {1} notes', done, of), increment: now - shown });
      shown = now;
    });
    const ranked = await connection
      .sendRequest(protocol.rankNotes, asked, token)
      .finally(() => listening.dispose());
    // What was scored until the cancel is kept for the next time; to open a note now is not what was asked for.
    return token.isCancellationRequested ? undefined : ranked;
  });
}

async function open(note: RankedNote, of: number): Promise<void> {
  await vscode.window.showTextDocument(addressOf(note));
  const bits = note.uncertainty.toLocaleString(vscode.env.language, { maximumFractionDigits: 3 });
  const sentence = vscode.l10n.t(
    '{0} bits a token of uncertainty, the most of {1} notes without annotations',
    bits,
    of,
  );
  void vscode.window.setStatusBarMessage(sentence, 8000);
}

function folderOf(storage: vscode.Uri | undefined): string | null {
  return storage?.scheme === 'file' ? storage.fsPath : null;
}
