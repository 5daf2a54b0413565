import type { CorpusDocument } from '../corpus/document';
import type { Interval, Resampling } from './bootstrap';
import { bootstrapIntervals } from './bootstrap';
import { f1Metrics } from './metric';
import type { NoteCounts } from './noteCounts';
import { mergeNotes, totalCounts } from './noteCounts';
import type { LabelRates } from './rates';
import { labelRates } from './rates';
import type { NoteScores } from './modelScores';
import type { TargetOptions } from '../labels/tokenTargets';
import { honestRows, paperRows } from './tokenRows';
import { concatRows } from './scoredRows';
import type { NoteRows, Ranked, TokenThresholds } from './tokenView';
import { countNotes, rankedFigures, searchThresholds } from './tokenView';
import type { ViewName } from './views';

/** Counts of one view, named as every output names them: `paper protocol, shared threshold`, `text, words` … */
export type CountTables = Readonly<Record<string, NoteCounts>>;

/** Rates of one table with bootstrap intervals of every F1. */
export interface Figures extends LabelRates {
  readonly f1Intervals: Readonly<Record<string, Interval>>;
}

/** @param groupOf what is independent of what: notes of one patient or one text are drawn together */
export function figures(
  table: NoteCounts,
  groupOf: (note: string) => string,
  resampling: Resampling,
): Figures {
  return {
    ...labelRates(table.labels, totalCounts(table)),
    f1Intervals: bootstrapIntervals(mergeNotes(table, groupOf), f1Metrics(table.labels), resampling),
  };
}

/** The group of each document: its own, else all annotators' versions of one text together. */
export function groupsOf(documents: readonly CorpusDocument[]): Map<string, string> {
  const firstOfText = new Map<string, string>();
  return new Map(
    documents.map(({ id, text, group }) => {
      if (!firstOfText.has(text)) firstOfText.set(text, id);
      return [id, group ?? firstOfText.get(text)!];
    }),
  );
}

/** A model's outputs and how gold becomes truth for them. */
export interface TokenTask extends TargetOptions {
  readonly outputs: readonly string[];
}

/** A document with what the model said of its text. */
export interface ScoredDocument {
  readonly document: CorpusDocument;
  readonly scores: NoteScores;
}

export interface TokenEvaluation {
  readonly view: ViewName;
  /** What computed the scores, and how, in words. */
  readonly computed: string;
  /** Rows scored, of all notes. */
  readonly rows: number;
  readonly thresholds: TokenThresholds;
  /** Where the thresholds come from, in words. */
  readonly thresholdsFrom: string;
  readonly tables: { readonly shared: NoteCounts; readonly perLabel: NoteCounts };
  readonly ranked: Ranked;
}

/** The `paper protocol`: thresholds searched on the scored notes themselves. `computed`: see `TokenEvaluation`. */
export function paperProtocol(
  notes: readonly ScoredDocument[],
  task: TokenTask,
  computed: string,
): TokenEvaluation {
  const rows = notes.map(({ document, scores: { paper } }) => ({
    id: document.id,
    rows: paperRows(paper.encoding, paper.logits, document.annotations, task.outputs, task, paper.length),
  }));
  const thresholds = searchThresholds(task.outputs, rows);
  const from = 'the scored notes, 0.01 to 0.99 by macro F1 (shared) and by each label’s F1';
  return tokenEvaluation('paper protocol', rows, task.outputs, { thresholds, from, computed });
}

/** Where a token view's thresholds and scores come from. */
export interface TokenOrigins {
  readonly thresholds: TokenThresholds;
  /** Of the thresholds, in words. */
  readonly from: string;
  readonly computed: string;
}

/** The `honest token` view: thresholds from elsewhere, see `honestThresholds`. */
export function honestTokens(
  notes: readonly ScoredDocument[],
  task: TokenTask,
  origins: TokenOrigins,
): TokenEvaluation {
  return tokenEvaluation('honest token', honestNoteRows(notes, task), task.outputs, origins);
}

/** Thresholds searched on validation notes, in the units of the `honest token` view. */
export function honestThresholds(validation: readonly ScoredDocument[], task: TokenTask): TokenThresholds {
  return searchThresholds(task.outputs, honestNoteRows(validation, task));
}

function honestNoteRows(notes: readonly ScoredDocument[], task: TokenTask): NoteRows[] {
  return notes.map(({ document, scores }) => {
    const windows = scores.windows.map(({ tokens }) => tokens);
    const parts = honestRows(windows, document.annotations, task.outputs, task);
    return { id: document.id, rows: concatRows(task.outputs, parts) };
  });
}

function tokenEvaluation(
  view: ViewName,
  notes: readonly NoteRows[],
  outputs: readonly string[],
  { thresholds, from, computed }: TokenOrigins,
): TokenEvaluation {
  const shared = outputs.map(() => thresholds.shared);
  return {
    view,
    computed,
    rows: notes.reduce((sum, { rows }) => sum + rows.truth.length, 0) / Math.max(1, outputs.length),
    thresholds,
    thresholdsFrom: from,
    tables: {
      shared: countNotes(outputs, notes, shared),
      perLabel: countNotes(outputs, notes, thresholds.perLabel),
    },
    ranked: rankedFigures(outputs, notes),
  };
}
