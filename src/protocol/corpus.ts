import { NotificationType, RequestType } from 'vscode-jsonrpc/lib/common/messages';
import type { Annotation } from '../core/corpus/document';
import type { FormatName } from '../core/corpus/formats';

/** What the worker reads of the corpora that lie in the workspace, so that the editor need not. */

/** The files of the workspace that may be corpus files or notes, as paths; sent again when one comes, goes or changes. */
export const corpusFiles = new NotificationType<{ files: readonly string[] }>('corpus/files');

/** A corpus file's annotations of a note. */
export interface GoldFound {
  readonly file: string;
  readonly format: FormatName;
  /** The note's text as the file has it, which the annotations' offsets (UTF-16) count in. */
  readonly text: string;
  readonly annotations: readonly Annotation[];
  /** Other files, or records, that hold the same note. */
  readonly others: number;
}

/** Finds the annotations of a note by its text; null where no corpus file holds it. */
export const findGold = new RequestType<{ text: string }, GoldFound | null, void>('corpus/gold');

/** Where a note of the workspace is: in a file of its own (`isNote`), or in one among others. */
export interface FoundNote {
  readonly file: string;
  readonly isNote: boolean;
  /** See `noteIdentity`. */
  readonly key: string;
}

/** Finds a note by the hash of its text as its corpus has it (`noteKey`), as runs name notes; null where there is none. */
export const findNote = new RequestType<{ key: string }, FoundNote | null, void>('corpus/find');

/** A note of the workspace that is not annotated, and how unsure the model is of it. */
export interface RankedNote extends FoundNote {
  /** Bits a token, see `uncertaintyOf`. */
  readonly uncertainty: number;
}

export interface RankNotes {
  /** Identities of notes that are not asked for: reviewed ones. */
  readonly without: readonly string[];
  /** Where scores are kept between sessions; null keeps them for this one. */
  readonly cache: string | null;
}

/** The notes without annotations, the most uncertain first. Cancelling keeps what has been scored. */
export const rankNotes = new RequestType<RankNotes, RankedNote[], void>('corpus/rank');
export const ranking = new NotificationType<{ done: number; of: number }>('corpus/ranking');

/** The text of a note inside a corpus file; null where it is gone. */
export const noteText = new RequestType<{ file: string; key: string }, string | null, void>('corpus/note');
