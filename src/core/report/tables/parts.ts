import type { NumberWriter } from '../numbers';
import { viewName } from '../names';
import type { FigureName } from '../figures';
import type { ReportHeader, ReportView } from '../reportHeader';
import type { SystemFigures } from '../systemFigures';
import { figureInterval } from '../systemFigures';
import type { Cell, Column, ReportTable } from '../tables';
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

export const numeric = (name: string): Column => ({ name, numeric: true });
export const named = (name: string): Column => ({ name, numeric: false });

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

/** A column of figures with their intervals. */
export function estimated(name: string, t: Translate): Column {
  return { name, numeric: true, ends: [t('{0}, low end', name), t('{0}, high end', name)] };
}

/** A column of means with their deviation over runs. */
export function spread(name: string, t: Translate): Column {
  return { name, numeric: true, spread: t('{0}, standard deviation', name) };
}

/** A system's mean with its 95 % interval, which holds at the runs' own thresholds alone. */
export function estimateCell(
  header: ReportHeader,
  { view, threshold }: Pick<ViewFigures, 'view' | 'threshold'>,
  one: SystemFigures,
  name: FigureName,
  numbers: NumberWriter,
): Cell {
  const cell = figureCell(one.figures[name].mean, numbers);
  const interval = threshold === undefined ? figureInterval(header, one, view, name) : undefined;
  if (!interval) return cell;
  return { ...cell, interval, detail: `[${numbers.rate(interval[0])}–${numbers.rate(interval[1])}]` };
}
