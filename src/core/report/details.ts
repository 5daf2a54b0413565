import type { ReportHeader, ReportRun } from './reportHeader';
import { VarintReader } from './varints';

/** What a run knows besides its scores. */
export interface RunDetails {
  /** `[labels + 1, labels + 1]`, gold by predicted, the last being no label. */
  readonly confusion: Float64Array;
  /** Notes with each label, `[labels]` a part. */
  readonly labelNotes: readonly Float64Array[];
}

export function labelsOfRun({ layouts }: ReportHeader, { labels }: ReportRun): readonly string[] {
  return layouts[labels]!;
}

/** Reads the `details` block: of every run its confusion, then its labels of parts. */
export function readDetails(header: ReportHeader, block: Uint8Array): RunDetails[] {
  const reader = new VarintReader(block);
  return header.runs.map((run) => {
    const labels = labelsOfRun(header, run).length;
    return {
      confusion: reader.readInto(new Float64Array((labels + 1) ** 2)),
      labelNotes: run.parts.map(() => reader.readInto(new Float64Array(labels))),
    };
  });
}

/** Confusions of some runs added up, over the labels of all of them and, last, no label. */
export function pooledConfusion(
  header: ReportHeader,
  details: readonly RunDetails[],
  runs: readonly number[],
): { readonly labels: readonly string[]; readonly counts: Float64Array } {
  const labels = [...new Set(runs.flatMap((run) => labelsOfRun(header, header.runs[run]!)))];
  const size = labels.length + 1;
  const counts = new Float64Array(size * size);
  for (const run of runs) {
    const own = labelsOfRun(header, header.runs[run]!);
    const places = [...own.map((label) => labels.indexOf(label)), labels.length];
    details[run]!.confusion.forEach((count, i) => {
      const [gold, predicted] = [Math.floor(i / places.length), i % places.length];
      counts[places[gold]! * size + places[predicted]!]! += count;
    });
  }
  return { labels, counts };
}

/** An epoch in the `history` block, `[epochs, 3]` of all runs; NaN where nothing was validated. */
export interface EpochFigures {
  readonly loss: number;
  readonly microF1: number;
  readonly macroF1: number;
}
export const HISTORY_COLUMNS = 3;

/** The learning curves of all runs. */
export function readHistory({ runs }: ReportHeader, values: Float32Array): EpochFigures[][] {
  let at = 0;
  return runs.map(({ epochs }) =>
    Array.from({ length: epochs }, () => {
      const [loss, microF1, macroF1] = values.subarray(at, (at += HISTORY_COLUMNS));
      return { loss: loss!, microF1: microF1!, macroF1: macroF1! };
    }),
  );
}

/** How sure and how often right, `[bins, 3]`: units, sum of probabilities, units that have the label. */
export const RELIABILITY_COLUMNS = 3;

/** A bin of equal width between 0 and 1. */
export interface PooledBin {
  readonly count: number;
  /** Mean probability, and how many of the units have the label; undefined of none. */
  readonly confidence: number | undefined;
  readonly frequency: number | undefined;
}

/** Adds up the reliability bins of some runs. `values` is `[runs, bins, 3]`. */
export function pooledReliability(values: Float64Array, bins: number, runs: readonly number[]): PooledBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const [count, confidence, positives] = [0, 1, 2].map((column) =>
      runs.reduce((sum, run) => sum + values[(run * bins + bin) * RELIABILITY_COLUMNS + column]!, 0),
    ) as [number, number, number];
    const share = (part: number): number | undefined => (count === 0 ? undefined : part / count);
    return { count, confidence: share(confidence), frequency: share(positives) };
  });
}
