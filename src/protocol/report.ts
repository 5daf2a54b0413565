/**
 * The whole contract between the editor and the page of a report. Plain messages, since `postMessage` carries bytes as
 * they are.
 */

/** What the editor tells the page. */
export type ToReport =
  | {
      readonly type: 'init';
      /** A packed report, see `src/core/report/container.ts`. */
      readonly data: ArrayBuffer;
      /** The editor's language, such as `pt-br`. */
      readonly language: string;
      /** What the page keeps so that it comes back after a reload of the window. */
      readonly planFolder: string;
      /** Whether runs are still going on or planned, so that the page offers to look again. */
      readonly unfinished: boolean;
    }
  | { readonly type: 'failed'; readonly message: string };

/** What an empty part of the page may offer to begin with; the editor carries out no other command for it. */
export const REPORT_COMMANDS = ['anamnese.resume', 'anamnese.compareStrategies'] as const;
export type ReportCommand = (typeof REPORT_COMMANDS)[number];

/** What the page asks of the editor. */
export type FromReport =
  /** The page is there and waits for its data. */
  | { readonly type: 'ready' }
  /** Reads the plan's folder again. */
  | { readonly type: 'refresh' }
  | { readonly type: 'command'; readonly command: ReportCommand }
  /** Opens a note at a place, UTF-16 offsets, with what a run, if one is given, predicted beside what is right. */
  | {
      readonly type: 'openNote';
      readonly note: string;
      readonly start: number;
      readonly end: number;
      readonly run?: string | undefined;
    }
  /** Asks the person where to, and writes there. `base64`: the content is bytes. */
  | { readonly type: 'saveFile'; readonly name: string; readonly content: string; readonly base64: boolean }
  /** The report as one file; with the notes' texts only where that is asked for. */
  | { readonly type: 'saveReport'; readonly texts: boolean };
