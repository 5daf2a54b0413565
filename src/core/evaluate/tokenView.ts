import type { Areas, Averages } from './areas';
import { areas } from './areas';
import type { ReliabilityBin } from './calibrationError';
import { calibrationErrors, reliabilityBins } from './calibrationError';
import { drawnPoints, precisionRecallCurve, rocCurve } from './curves';
import type { NoteCounts } from './noteCounts';
import { noteCounts } from './noteCounts';
import { rankColumn } from './ranking';
import type { ScoredRows } from './scoredRows';
import { concatRows, countAbove } from './scoredRows';
import { bestLabelThresholds, bestSharedThreshold, thresholdHistogram } from './thresholds';

/** The rows of a note; what it is known by. */
export interface NoteRows {
  readonly id: string;
  readonly rows: ScoredRows;
}

/** Thresholds by output of the model: one value for all of them, and one each. */
export interface TokenThresholds {
  readonly shared: number;
  readonly perLabel: readonly number[];
}

/** The study's two searches, over all rows of these notes: one threshold by macro F1, one a label by its F1. */
export function searchThresholds(outputs: readonly string[], notes: readonly NoteRows[]): TokenThresholds {
  const histogram = thresholdHistogram(
    concatRows(
      outputs,
      notes.map(({ rows }) => rows),
    ),
  );
  return { shared: bestSharedThreshold(histogram).threshold, perLabel: bestLabelThresholds(histogram) };
}

/** Counts of every note at given thresholds. */
export function countNotes(
  outputs: readonly string[],
  notes: readonly NoteRows[],
  thresholds: readonly number[],
): NoteCounts {
  return noteCounts(
    outputs,
    notes.map(({ id, rows }) => ({ id, counts: countAbove(rows, thresholds) })),
  );
}

/** A label's curves, as many of their points as a drawing needs. */
export interface LabelCurves {
  readonly precisionRecall: { precision: number[]; recall: number[]; thresholds: number[]; of: number };
  readonly roc: { falsePositiveRate: number[]; truePositiveRate: number[]; of: number };
}

/** What needs no threshold. */
export interface Ranked extends Areas {
  readonly calibrationError: Averages;
  readonly reliability: readonly ReliabilityBin[];
  readonly curves: Readonly<Record<string, LabelCurves>>;
}

export function rankedFigures(outputs: readonly string[], notes: readonly NoteRows[]): Ranked {
  const rows = concatRows(
    outputs,
    notes.map((note) => note.rows),
  );
  const curves = outputs.map((output, i) => [output, labelCurves(rows, i)] as const);
  return {
    ...areas(rows),
    calibrationError: calibrationErrors(rows),
    reliability: reliabilityBins(rows.scores, rows.truth),
    curves: Object.fromEntries(curves),
  };
}

function labelCurves(rows: ScoredRows, label: number): LabelCurves {
  const ranking = rankColumn(rows, label);
  const { precision, recall, thresholds } = precisionRecallCurve(ranking);
  const { falsePositiveRate, truePositiveRate } = rocCurve(ranking);
  const drawn = drawnPoints(recall, precision);
  const onRoc = drawnPoints(falsePositiveRate, truePositiveRate);
  const at = (values: Float32Array | Float64Array, points: number[]): number[] =>
    points.map((i) => values[i]!);
  return {
    precisionRecall: {
      precision: at(precision, drawn),
      recall: at(recall, drawn),
      thresholds: at(
        thresholds,
        drawn.filter((i) => i < thresholds.length),
      ),
      of: precision.length,
    },
    roc: {
      falsePositiveRate: at(falsePositiveRate, onRoc),
      truePositiveRate: at(truePositiveRate, onRoc),
      of: falsePositiveRate.length,
    },
  };
}
