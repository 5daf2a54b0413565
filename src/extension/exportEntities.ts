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
      const note = await noteInFile(tracker, comparisons, document);
      if (!note) return;
      const text = format.write(await import('../core/export/formats'), note);
      const written = await writeWhole(target, text);
      if (written && !asked) await offerToOpen(target, note.entities.length);
    },
  );
}

/**
 * All of the note as its file has it, once it is saved; undefined where it could not be predicted, which the person has
 * been told, or is not to be saved.
 */
async function noteInFile(
  tracker: NoteTracker,
  comparisons: Comparisons,
  document: vscode.TextDocument,
): Promise<AnnotatedNote | undefined> {
  const whole = await wholeNote(tracker, document);
  if (!whole) return undefined;
  const note = await inFileOffsets({ ...whole, entities: comparisons.kept(whole) });
  if (note) return note;
  // What is saved may be formatted on the way, and predicted anew.
  return (await askToSave(document)) ? noteInFile(tracker, comparisons, document) : undefined;
}

/** Whether the note has been saved; says why it must be. */
async function askToSave(document: vscode.TextDocument): Promise<boolean> {
  const file = name(document.uri);
  const save = vscode.l10n.t('Save and export');
  const sentence = vscode.l10n.t(
    '{0} has edits that are not saved: offsets are counted in its file, so save it first.',
    file,
  );
  return (await vscode.window.showWarningMessage(sentence, save)) === save && document.save();
}

/**
 * The note as its file has it, so that offsets hold there; one that has no file stands for itself. Undefined where it has
 * edits that the file has not: how it will begin and break its lines once it is saved is not known before.
 */
async function inFileOffsets({ document, entities }: TrackedNote): Promise<AnnotatedNote | undefined> {
  const text = document.getText();
  const asShown = { file: name(document.uri), text, entities };
  if (document.isUntitled) return asShown;
  const bytes = await vscode.workspace.fs.readFile(document.uri).then(undefined, () => undefined);
  const saved = bytes && decodeBytes(bytes);
  const toFile = saved && fileOffsets(text, saved.text);
  // A file that is not there counts as the editor does, and one that the editor reads in an encoding of its own.
  if (!toFile) return saved && document.isDirty ? undefined : asShown;
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
