import type { CorpusDocument } from '../corpus/document';
import type { Interval, Resampling } from './bootstrap';
import { bootstrapIntervals } from './bootstrap';
import { f1Metrics } from './metric';
import type { NoteCounts } from './noteCounts';
import { mergeNotes, totalCounts } from './noteCounts';
import type { LabelRates } from './rates';
import { labelRates } from './rates';
import type { NoteScores } from './modelScores';
import { NO_LABEL } from '../predict/decode';
import type { ScoredRows } from './scoredRows';
import { columnsOf, concatRows } from './scoredRows';
import { bestLabelThresholds, thresholdHistogram } from './thresholds';
import type { TokenTask } from './tokenRows';
import { honestRows, paperRows } from './tokenRows';
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
  /** What needs scores; decisions have none. */
  readonly ranked?: Ranked;
}

/** The outputs that are counted: all but the one that means no label at all. */
export function countedOutputs({ outputs }: Pick<TokenTask, 'outputs'>): string[] {
  return outputs.filter((output) => output !== NO_LABEL);
}

/** The `paper protocol`: thresholds searched on the scored notes themselves. `computed`: see `TokenEvaluation`. */
export function paperProtocol(
  notes: readonly ScoredDocument[],
  task: TokenTask,
  computed: string,
): TokenEvaluation {
  const outputs = countedOutputs(task);
  const rows = paperNoteRows(notes, task);
  const thresholds = searchThresholds(outputs, rows);
  const from = 'the scored notes, 0.01 to 0.99 by macro F1 (shared) and by each label’s F1';
  const ranked = rankedFigures(outputs, rows);
  return { ...tokenEvaluation('paper protocol', rows, outputs, { thresholds, from, computed }), ranked };
}

/** Each note's rows in the `paper protocol`, of the outputs that are counted. */
export function paperNoteRows(notes: readonly ScoredDocument[], task: TokenTask): NoteRows[] {
  const outputs = countedOutputs(task);
  return notes.map(({ document, scores: { paper } }) => ({
    id: document.id,
    rows: columnsOf(
      paperRows(paper.encoding, paper.logits, document.annotations, task, paper.length),
      outputs,
    ),
  }));
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
  const [rows, outputs] = [honestNoteRows(notes, task), countedOutputs(task)];
  return { ...tokenEvaluation('honest token', rows, outputs, origins), ranked: rankedFigures(outputs, rows) };
}

/** Thresholds searched on validation notes, in the units of the `honest token` view. */
export function honestThresholds(validation: readonly ScoredDocument[], task: TokenTask): TokenThresholds {
  return searchThresholds(countedOutputs(task), honestNoteRows(validation, task));
}

/** A threshold each entity label, by its F1 on validation notes; a token has the label where `B-` or `I-` has it. */
export function honestLabelThresholds(
  validation: readonly ScoredDocument[],
  task: TokenTask,
): Record<string, number> {
  const rows = concatRows(
    countedOutputs(task),
    honestNoteRows(validation, task).map((note) => note.rows),
  );
  const merged = task.scheme === 'IO' ? rows : mergedLabels(rows, task.labels);
  const found = bestLabelThresholds(thresholdHistogram(merged));
  return Object.fromEntries(merged.labels.map((label, i) => [label, found[i]!]));
}

/** `B-L` and `I-L` as one column L, which has whatever either has. */
function mergedLabels({ labels: outputs, scores, truth }: ScoredRows, labels: readonly string[]): ScoredRows {
  const pairs = labels.map((label) => [`B-${label}`, `I-${label}`].map((name) => outputs.indexOf(name)));
  const rows = truth.length / Math.max(1, outputs.length);
  const merged = {
    scores: new Float32Array(rows * labels.length),
    truth: new Uint8Array(rows * labels.length),
  };
  for (let i = 0; i < merged.truth.length; i++) {
    const at = Math.floor(i / labels.length) * outputs.length;
    for (const column of pairs[i % labels.length]!) {
      if (column < 0) continue;
      merged.scores[i] = Math.max(merged.scores[i]!, scores[at + column]!);
      merged.truth[i]! |= truth[at + column]!;
    }
  }
  return { labels, ...merged };
}

/** Each note's rows in the `honest token` view, of the outputs that are counted. */
export function honestNoteRows(notes: readonly ScoredDocument[], task: TokenTask): NoteRows[] {
  return notes.map(({ document, scores }) => {
    const windows = scores.windows.map(({ tokens }) => tokens);
    const parts = honestRows(windows, document.annotations, task);
    return { id: document.id, rows: columnsOf(concatRows(task.outputs, parts), countedOutputs(task)) };
  });
}

/** A token view without what only scores have: its counts at given thresholds. */
export function tokenEvaluation(
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
  };
}
