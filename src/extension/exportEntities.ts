import * as vscode from 'vscode';
import type * as writers from '../core/export/formats';
import type { AnnotatedNote } from '../core/export/formats';
import { decodeBytes } from '../core/text/decodeBytes';
import { fileOffsets } from '../core/text/fileOffsets';
import type { Comparisons } from './correct/comparisons';
import type { NoteTracker, TrackedNote } from './noteTracker';
import { writeWhole } from './writeWhole';

interface Format extends vscode.QuickPickItem {
  readonly extension: string;
  write(writers: Writers, note: AnnotatedNote): string;
}

/** Loaded with the first export. */
type Writers = typeof writers;

function formats(): Format[] {
  return [
    { label: 'BRAT', description: '.ann', extension: 'ann', write: ({ toBrat }, note) => toBrat(note) },
    {
      label: 'doccano JSONL',
      description: '.jsonl',
      extension: 'jsonl',
      write: ({ toDoccano }, note) => toDoccano(note),
    },
    { label: 'CSV', description: '.csv', extension: 'csv', write: ({ toCsv }, note) => toCsv([note]) },
  ];
}

/** `Export Entities`: the active note's entities to a file, rejected ones left out, once all of the note has been predicted. */
export function registerExport(tracker: NoteTracker, comparisons: Comparisons): vscode.Disposable {
  return vscode.commands.registerCommand(
    'anamnese.exportEntities',
    async (asked?: { format: string; to: string }) => {
      const document = vscode.window.activeTextEditor?.document;
      if (!document || !tracker.get(document.uri)) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Open a note first: its entities are what is exported.'),
        );
        return;
      }
      const format = asked
        ? formats().find(({ extension }) => extension === asked.format)
        : await pickFormat();
      if (!format) return;
      const target = asked ? vscode.Uri.parse(asked.to) : await pickTarget(document, format);
      if (!target) return;
      const whole = await wholeNote(tracker, document);
      if (!whole) return;
      const note = { ...whole, entities: comparisons.kept(whole) };
      const text = format.write(await import('../core/export/formats'), await inFileOffsets(note));
      const written = await writeWhole(target, text);
      if (written && !asked) await offerToOpen(target, note.entities.length);
    },
  );
}

/** The note as its file has it, so that offsets hold there; an unsaved note stands for itself. */
async function inFileOffsets({ document, entities }: TrackedNote): Promise<AnnotatedNote> {
  const text = document.getText();
  const asShown = { file: name(document.uri), text, entities };
  if (document.isUntitled) return asShown;
  const bytes = await vscode.workspace.fs.readFile(document.uri).then(undefined, () => undefined);
  const saved = bytes && decodeBytes(bytes);
  const toFile = saved && fileOffsets(text, saved.text);
  if (!toFile) return asShown;
  const moved = entities.map((entity) => ({
    ...entity,
    start: toFile(entity.start),
    end: toFile(entity.end),
  }));
  return { ...asShown, text: saved.text, entities: moved };
}

function pickFormat(): Thenable<Format | undefined> {
  return vscode.window.showQuickPick(formats(), { title: vscode.l10n.t('Export Entities') });
}

function pickTarget(
  document: vscode.TextDocument,
  { label, extension }: Format,
): Thenable<vscode.Uri | undefined> {
  const stem = document.uri.with({ path: document.uri.path.replace(/\.[^./]+$/, '') });
  return vscode.window.showSaveDialog({
    ...(document.isUntitled ? {} : { defaultUri: stem.with({ path: `${stem.path}.${extension}` }) }),
    filters: { [label]: [extension] },
    title: vscode.l10n.t('Export Entities'),
  });
}

function wholeNote(tracker: NoteTracker, document: vscode.TextDocument): Thenable<TrackedNote | undefined> {
  const title = vscode.l10n.t('Reading the whole note');
  const location = vscode.ProgressLocation.Notification;
  const settled = (token: vscode.CancellationToken): Promise<TrackedNote | undefined> =>
    tracker.settled(document.uri, token);
  if (tracker.get(document.uri)?.remaining === 0) return settled(new vscode.CancellationTokenSource().token);
  return vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => settled(token));
}

async function offerToOpen(target: vscode.Uri, count: number): Promise<void> {
  const open = vscode.l10n.t('Open');
  const done = vscode.l10n.t('{0} entities written to {1}', count, name(target));
  if ((await vscode.window.showInformationMessage(done, open)) === open) {
    await vscode.window.showTextDocument(target);
  }
}

function name(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1)!;
}
