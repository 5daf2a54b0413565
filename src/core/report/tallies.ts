import type { ReportHeader, ReportView, TokenViewName } from './reportHeader';
import { VarintReader } from './varints';

/**
 * Counts of every run of a view: `cells` numbers the outputs of all runs one after the other, run r's beginning at
 * `starts[r]` (as many as `starts[r + 1]` says; none where the run was not scored in this view).
 */
export interface Cells {
  /** `[runs + 1]` */
  readonly starts: Uint32Array;
  readonly cells: number;
}

/** Counts at the threshold that each run was scored with, `[cells]` each. */
export interface OwnTallies extends Cells {
  readonly truePositives: Uint32Array;
  readonly falsePositives: Uint32Array;
  readonly falseNegatives: Uint32Array;
}

/**
 * How many tokens with and without a label score above each threshold, `[thresholds + 1, cells]`: row 0 has all, row
 * t + 1 those above threshold t. A threshold's row is one stretch of memory, so that a figure of all runs is one walk.
 */
export interface ScoreTallies extends Cells {
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

/** What is counted in a run, by name; empty where the run was not scored in this view. */
export function countedNames(
  { layouts, runs }: ReportHeader,
  run: number,
  view: ReportView,
): readonly string[] {
  const layout = runs[run]!.layouts[view];
  return layout === undefined ? [] : layouts[layout]!;
}

export function cellsOf(header: ReportHeader, view: ReportView): Cells {
  const starts = new Uint32Array(header.runs.length + 1);
  for (const run of header.runs.keys())
    starts[run + 1] = starts[run]! + countedNames(header, run, view).length;
  return { starts, cells: starts.at(-1)! };
}

/** Reads the views of the `own` block in their order. */
export function readOwn<View extends ReportView>(
  header: ReportHeader,
  block: Uint8Array,
  views: readonly View[],
): Record<View, OwnTallies> {
  const reader = new VarintReader(block);
  const entries = views.map((view) => {
    const cells = cellsOf(header, view);
    const column = (): Uint32Array => reader.readInto(new Uint32Array(cells.cells));
    return [
      view,
      { ...cells, truePositives: column(), falsePositives: column(), falseNegatives: column() },
    ] as const;
  });
  return Object.fromEntries(entries) as unknown as Record<View, OwnTallies>;
}

/** Reads a token view's block: histograms, the highest bin first, negatives before positives in each. */
export function readScores(header: ReportHeader, block: Uint8Array, view: TokenViewName): ScoreTallies {
  const { starts, cells } = cellsOf(header, view);
  const rows = header.thresholds.length + 1;
  const [positives, negatives] = [new Uint32Array(rows * cells), new Uint32Array(rows * cells)];
  const reader = new VarintReader(block);
  for (let row = rows - 1; row >= 0; row--) {
    addRow(negatives, row, cells, reader);
    addRow(positives, row, cells, reader);
  }
  return { starts, cells, positives, negatives };
}

function addRow(sums: Uint32Array, row: number, cells: number, reader: VarintReader): void {
  const [from, above] = [row * cells, (row + 1) * cells];
  const last = above >= sums.length;
  for (let i = 0; i < cells; i++) sums[from + i] = reader.read() + (last ? 0 : sums[above + i]!);
}

/** Counts of all cells at a threshold, by its place in the header's `thresholds`. */
export function talliesAt(scores: ScoreTallies, threshold: number): OwnTallies {
  const { starts, cells, positives, negatives } = scores;
  const from = (threshold + 1) * cells;
  const truePositives = positives.subarray(from, from + cells);
  const falseNegatives = new Uint32Array(cells);
  for (let i = 0; i < cells; i++) falseNegatives[i] = positives[i]! - truePositives[i]!;
  return {
    starts,
    cells,
    truePositives,
    falsePositives: negatives.subarray(from, from + cells),
    falseNegatives,
  };
}
