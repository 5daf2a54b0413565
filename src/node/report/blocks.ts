import { RELIABILITY_BINS } from '../../core/evaluate/calibrationError';
import { COUNTS_A_LABEL } from '../../core/evaluate/noteCounts';
import { writeErrors } from '../../core/report/errorBlock';
import type { PlacedError } from '../../core/report/errorBlock';
import { REPORT_VIEWS, TOKEN_VIEWS, VIEW_TABLES } from '../../core/report/reportHeader';
import type { ReportView, TokenViewName } from '../../core/report/reportHeader';
import { writeScores } from '../../core/report/scoresBlock';
import { VarintWriter } from '../../core/report/varints';
import type { ReadRun } from './readRun';

/** What is counted in a run's view, and how often it is right, wrong and missed over all notes, `[3][names]`. */
export function ownCounts(
  { counts }: ReadRun,
  view: ReportView,
): { names: readonly string[]; totals: number[][] } | undefined {
  const table = counts.tables[VIEW_TABLES[view]];
  if (!table) return undefined;
  const totals = Array.from({ length: COUNTS_A_LABEL }, (_, column) =>
    table.labels.map((_, label) =>
      table.counts.reduce((sum, row) => sum + row[label * COUNTS_A_LABEL + column]!, 0),
    ),
  );
  return { names: table.labels, totals };
}

/** The `own` block: a view after the other, in each a count of all runs after the other. */
export function ownBlock(runs: readonly ReadRun[]): Uint8Array {
  const writer = new VarintWriter();
  for (const view of REPORT_VIEWS) {
    const counted = runs.flatMap((run) => ownCounts(run, view) ?? []);
    for (let column = 0; column < COUNTS_A_LABEL; column++)
      for (const { totals } of counted) writer.writeAll(totals[column]!);
  }
  return writer.finish();
}

/** The scores of a token view, of the runs that have it. */
export function scoresBlock(runs: readonly ReadRun[], view: TokenViewName): Uint8Array {
  return writeScores(runs.filter((run) => ownCounts(run, view)).map(({ tokens }) => tokens[view]!));
}

/** Confusion and labels of parts, see `readDetails`. */
export function detailsBlock(runs: readonly ReadRun[]): Uint8Array {
  const writer = new VarintWriter();
  for (const { record, tokens } of runs) {
    for (const row of tokens.confusion) writer.writeAll(row);
    for (const notes of Object.values(record.labelNotes)) writer.writeAll(notes);
  }
  return writer.finish();
}

/** Learning curves, `[epochs, 3]` a run, see `readHistory`. */
export function historyBlock(runs: readonly ReadRun[]): Uint8Array {
  const epochs = runs.flatMap(({ record }) => record.history);
  const values = epochs.flatMap(({ loss, validation }) => [
    loss,
    validation?.microF1 ?? NaN,
    validation?.macroF1 ?? NaN,
  ]);
  return bytesOf(Float32Array.from(values));
}

/** How sure and how often right, `[views, runs, bins, 3]`; zeros where a run has no scores. */
export function reliabilityBlock(runs: readonly ReadRun[]): Uint8Array {
  const names = { honest: 'honest token', paper: 'paper protocol' } as const;
  const values = TOKEN_VIEWS.flatMap((view) =>
    runs.flatMap(({ metrics }) => {
      const bins = metrics[names[view]]?.reliability ?? [];
      return Array.from({ length: RELIABILITY_BINS }, (_, i) => bins[i]).flatMap((one) =>
        one ? [one.count, one.confidence, one.positives] : [0, 0, 0],
      );
    }),
  );
  return bytesOf(Float64Array.from(values));
}

/** Mistakes of every run and where each run's begin. */
export function errorsBlock(
  errors: readonly (readonly PlacedError[] | undefined)[],
  labels: readonly string[],
): { block: Uint8Array; places: ([number, number] | null)[] } {
  const writer = new VarintWriter();
  const labelPlaces = new Map(labels.map((label, i) => [label, i]));
  const places = errors.map((ofRun): [number, number] | null => {
    if (!ofRun) return null;
    const from = writer.length;
    writeErrors(writer, ofRun, (label) => labelPlaces.get(label)!);
    return [from, ofRun.length];
  });
  return { block: writer.finish(), places };
}

function bytesOf(values: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer);
}
