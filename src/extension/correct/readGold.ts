import * as vscode from 'vscode';
import type { Companions } from '../../core/corpus/corpusFile';
import type { Annotation } from '../../core/corpus/document';
import type { FormatName } from '../../core/corpus/formats';
import type { Alignment } from '../../core/text/alignedTexts';
import { alignTexts } from '../../core/text/alignedTexts';
import * as protocol from '../../protocol/corpus';
import {
  annBeside,
  bratCompanions,
  isBesideText,
  NO_COMPANIONS,
  openDocument,
  textNow,
  textOnDisk,
} from './corpusText';
import type { WorkerConnection } from '../predictionService';
import { NOTE_SCHEME } from './noteScheme';

/** A note's annotations in the corpus. */
export interface Gold {
  readonly file: vscode.Uri;
  readonly format: FormatName;
  /** The note as the corpus has it, and how its offsets and the editor's go together. */
  readonly text: string;
  readonly alignment: Alignment;
  readonly companions: Companions;
  /** In the offsets of the document. */
  readonly annotations: readonly Annotation[];
  /** Other files that hold the same note. */
  readonly others: number;
}

/** What is known of a note's gold: nothing yet, none, or that the note is no longer the one that was annotated. */
export type GoldState = Gold | 'none' | 'changed' | undefined;

/** An annotation in the offsets of another copy of its note. */
export function moved({ label, fragments }: Annotation, to: (offset: number) => number): Annotation {
  return { label, fragments: fragments.map(({ start, end }) => ({ start: to(start), end: to(end) })) };
}

/**
 * Reads a note's gold: of the `.ann` beside it, else of the first corpus file of the workspace that holds its text, which
 * the worker finds. `worker` is its connection, once it may be asked. The readers are loaded with the first gold.
 */
export async function readGold(
  document: vscode.TextDocument,
  worker: () => Promise<WorkerConnection>,
): Promise<GoldState> {
  const isFile = document.uri.scheme !== NOTE_SCHEME && isBesideText(document.uri);
  const ann = isFile ? annBeside(document.uri) : undefined;
  const text = ann && (await textNow(ann));
  return text === undefined ? fromWorker(document, await worker()) : besideNote(document, ann!, text);
}

async function fromWorker(document: vscode.TextDocument, connection: WorkerConnection): Promise<GoldState> {
  const found = await connection.sendRequest(protocol.findGold, { text: document.getText() });
  if (!found) return 'none';
  const file = vscode.Uri.file(found.file);
  // The same note elsewhere, as in a copy of its folder.
  const companions = found.format === 'brat' ? await companionsOf(file, found.text) : NO_COMPANIONS;
  const { goldNote } = await import('../../core/correct/goldNote');
  const open = openDocument(file);
  const unsaved = open?.isDirty
    ? goldNote({ name: file.path, text: open.getText() }, found.format, found.text, companions)?.document
    : found;
  return unsaved ? inDocument(document, file, found.format, unsaved, companions, found.others) : 'none';
}

function companionsOf(ann: vscode.Uri, text: string): Promise<Companions> {
  return bratCompanions(ann, { name: `${ann.path.replace(/\.ann$/i, '')}.txt`, text });
}

async function besideNote(document: vscode.TextDocument, ann: vscode.Uri, text: string): Promise<GoldState> {
  const own = await textOnDisk(document.uri);
  if (own === undefined) return 'none';
  const companions = await companionsOf(ann, own);
  const { goldNote } = await import('../../core/correct/goldNote');
  const gold = goldNote({ name: ann.path, text }, 'brat', own, companions);
  return gold ? inDocument(document, ann, 'brat', gold.document, companions, 0) : 'none';
}

function inDocument(
  document: vscode.TextDocument,
  file: vscode.Uri,
  format: FormatName,
  found: { text: string; annotations: readonly Annotation[] },
  companions: Companions,
  others: number,
): GoldState {
  const alignment = alignTexts(document.getText(), found.text);
  if (!alignment) return 'changed';
  const annotations = found.annotations.map((one) => moved(one, alignment.back));
  return { file, format, text: found.text, alignment, companions, annotations, others };
}
