import type { Counts } from './rates';

/** Scores and truth of units (tokens) and labels, row-major `[rows, labels]`. */
export interface ScoredRows {
  readonly labels: readonly string[];
  /** Probabilities; no NaN. */
  readonly scores: Float32Array | Float64Array;
  /** 1 where gold has the label, else 0. */
  readonly truth: Uint8Array;
}

/** One label's column, copied out of the rows. */
export function column(rows: ScoredRows, label: number): Pick<ScoredRows, 'scores' | 'truth'> {
  const width = rows.labels.length;
  const length = rows.truth.length / width;
  const scores = rows.scores instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  const truth = new Uint8Array(length);
  for (let row = 0, at = label; row < length; row++, at += width) {
    scores[row] = rows.scores[at]!;
    truth[row] = rows.truth[at]!;
  }
  return { scores, truth };
}

/** The rows of several notes, one after the other. All have the first one's labels and kind of scores. */
export function concatRows(labels: readonly string[], parts: readonly ScoredRows[]): ScoredRows {
  const size = parts.reduce((sum, { truth }) => sum + truth.length, 0);
  const single = parts.every(({ scores }) => scores instanceof Float32Array);
  const scores = single ? new Float32Array(size) : new Float64Array(size);
  const truth = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    scores.set(part.scores, at);
    truth.set(part.truth, at);
    at += part.truth.length;
  }
  return { labels, scores, truth };
}

/** The columns of some of the rows' labels. */
export function columnsOf(rows: ScoredRows, labels: readonly string[]): ScoredRows {
  if (labels.length === rows.labels.length) return rows;
  const from = labels.map((label) => rows.labels.indexOf(label));
  const size = (rows.truth.length / rows.labels.length) * labels.length;
  const scores = rows.scores instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  const truth = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const at = Math.floor(i / labels.length) * rows.labels.length + from[i % labels.length]!;
    scores[i] = rows.scores[at]!;
    truth[i] = rows.truth[at]!;
  }
  return { labels, scores, truth };
}

/** Counts of each label where a unit has it when its score is greater than `thresholds[label]`, as in the study. */
export function countAbove(rows: ScoredRows, thresholds: readonly number[]): Counts[] {
  const width = rows.labels.length;
  const hits = new Float64Array(width);
  const [predicted, actual] = [new Float64Array(width), new Float64Array(width)];
  for (let i = 0, label = 0; i < rows.truth.length; i++) {
    const above = rows.scores[i]! > thresholds[label]! ? 1 : 0;
    const truth = rows.truth[i]!;
    hits[label]! += above & truth;
    predicted[label]! += above;
    actual[label]! += truth;
    if (++label === width) label = 0;
  }
  return rows.labels.map((_, label) => ({
    truePositives: hits[label]!,
    falsePositives: predicted[label]! - hits[label]!,
    falseNegatives: actual[label]! - hits[label]!,
  }));
}
