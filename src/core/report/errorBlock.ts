import { ERROR_KINDS } from './errors';
import type { LabelledSpan, NoteError, ScoredSpan } from './errors';
import type { ReportHeader } from './reportHeader';
import type { VarintWriter } from './varints';
import { VarintReader } from './varints';

/** A mistake and the place of its note in the header's `notes`. */
export interface PlacedError extends NoteError {
  readonly note: number;
}

/** Scores are kept in hundredths. */
const SCORE_STEPS = 100;

/** Appends a run's mistakes, ordered by note. `labelOf` gives a label's place in the header's `labels`. */
export function writeErrors(
  writer: VarintWriter,
  errors: readonly PlacedError[],
  labelOf: (label: string) => number,
): void {
  let note = 0;
  for (const error of errors) {
    const { gold, predicted } = error;
    writer.writeAll([error.note - note, ERROR_KINDS.indexOf(error.kind)]);
    if (gold) writer.writeAll([labelOf(gold.label), gold.start, gold.end - gold.start]);
    if (predicted)
      writer.writeAll([labelOf(predicted.label), predicted.start, predicted.end - predicted.start]);
    if (predicted) writer.write(Math.round(predicted.score * SCORE_STEPS));
    note = error.note;
  }
}

/** A run's mistakes; none where they are not known. */
export function readErrors({ runs, labels }: ReportHeader, block: Uint8Array, run: number): PlacedError[] {
  const [from, count] = runs[run]!.errors ?? [0, 0];
  const reader = new VarintReader(block, from);
  let note = 0;
  return Array.from({ length: count }, () => {
    note += reader.read();
    const kind = ERROR_KINDS[reader.read()]!;
    const gold = kind === 'spurious' ? undefined : readSpan(reader, labels);
    const predicted = kind === 'missed' ? undefined : readScored(reader, labels);
    return { note, kind, ...(gold && { gold }), ...(predicted && { predicted }) };
  });
}

function readSpan(reader: VarintReader, labels: readonly string[]): LabelledSpan {
  const label = labels[reader.read()]!;
  const start = reader.read();
  return { label, start, end: start + reader.read() };
}

function readScored(reader: VarintReader, labels: readonly string[]): ScoredSpan {
  return { ...readSpan(reader, labels), score: reader.read() / SCORE_STEPS };
}
