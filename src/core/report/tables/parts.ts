import type { NumberWriter } from '../numbers';
import { viewName } from '../names';
import type { ReportView } from '../reportHeader';
import type { SystemFigures } from '../systemFigures';
import type { Cell, ReportTable } from '../tables';
import type { Translate } from '../words';

/** A table's rows with what each of them is of. */
export interface SystemTable extends ReportTable {
  /** Place of each row's system in the header's `systems`. */
  readonly systems: readonly number[];
}

/** How a table is written. */
export interface Writing {
  readonly t: Translate;
  readonly numbers: NumberWriter;
}

/** What systems scored in one view; without a threshold, each run at its own. */
export interface ViewFigures {
  readonly view: ReportView;
  /** Undefined: each run's own. */
  readonly threshold: number | undefined;
  readonly systems: readonly SystemFigures[];
}

export const numeric = (name: string): ReportTable['columns'][number] => ({ name, numeric: true });
export const named = (name: string): ReportTable['columns'][number] => ({ name, numeric: false });

export function where({ view, threshold }: ViewFigures, { t, numbers }: Writing): string {
  const at =
    threshold === undefined
      ? t('each run at its own threshold')
      : t('all at threshold {0}', numbers.places(threshold, 2));
  return `${viewName(view, t)}, ${at}`;
}

export function figureCell(value: number, numbers: NumberWriter): Cell {
  return { text: numbers.rate(value), value };
}

export function intervalCell(interval: readonly [number, number] | undefined, numbers: NumberWriter): Cell {
  return { text: interval ? `${numbers.rate(interval[0])}–${numbers.rate(interval[1])}` : '–' };
}
