/**
 * What the editor asks of the process that reads plans' folders, one question a process. Messages travel by the
 * structured clone, which carries bytes as they are.
 */
export type ReporterQuestion =
  /** The report's data, with the notes' texts: it stays on this machine. */
  | { readonly type: 'open'; readonly planFolder: string }
  /** Writes the report as one page. */
  | { readonly type: 'save'; readonly planFolder: string; readonly file: string; readonly texts: boolean }
  /** Where a note stands. */
  | {
      readonly type: 'locate';
      readonly planFolder: string;
      readonly note: string;
      readonly run?: string | undefined;
    };

/** Where a note stands: a text file of its own, or a record in a file, at a line from 1. */
export interface NotePlace {
  readonly file: string;
  readonly line?: number;
  /** Hash of the note's text (`noteKey`), by which a record in a file is told from others. */
  readonly key?: string;
}

export type ReporterAnswer =
  | { readonly type: 'report'; readonly data: Uint8Array; readonly unfinished: boolean }
  | { readonly type: 'saved' }
  | { readonly type: 'located'; readonly place: NotePlace | undefined }
  /** The message is fit for a person and holds nothing of a note. */
  | { readonly type: 'failed'; readonly message: string };
