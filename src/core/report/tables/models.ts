import type { FigureName } from '../figures';
import { systemName, viewName } from '../names';
import type { ReportHeader } from '../reportHeader';
import type { SystemFigures } from '../systemFigures';
import { f1Interval } from '../systemFigures';
import type { Cell } from '../tables';
import { figureCell, intervalCell, named, numeric, where } from './parts';
import type { SystemTable, ViewFigures, Writing } from './parts';

/** Every system with precision, recall and F1, in the order given. */
export function modelsTable(header: ReportHeader, figures: ViewFigures, writing: Writing): SystemTable {
  const { t, numbers } = writing;
  const mean = (one: SystemFigures, name: FigureName): Cell => figureCell(one.figures[name].mean, numbers);
  const interval = (one: SystemFigures, average: 'micro' | 'macro'): Cell =>
    figures.threshold === undefined
      ? intervalCell(f1Interval(header, one, figures.view, average), numbers)
      : { text: '–' };
  return {
    caption: t('Models · {0}', where(figures, writing)),
    columns: [
      named(t('model')),
      numeric(t('runs')),
      numeric(t('micro P')),
      numeric(t('micro R')),
      numeric(t('micro F1')),
      numeric(t('95 % interval')),
      numeric(t('macro P')),
      numeric(t('macro R')),
      numeric(t('macro F1')),
      numeric(t('95 % interval')),
    ],
    systems: figures.systems.map(({ system }) => system),
    rows: figures.systems.map((one) => [
      { text: systemName(header.systems[one.system]!, t) },
      { text: String(one.runs.length), value: one.runs.length },
      mean(one, 'micro precision'),
      mean(one, 'micro recall'),
      mean(one, 'micro F1'),
      interval(one, 'micro'),
      mean(one, 'macro precision'),
      mean(one, 'macro recall'),
      mean(one, 'macro F1'),
      interval(one, 'macro'),
    ]),
  };
}

/** Micro and macro F1 of every system under each protocol side by side; `views` in the order of the header's views. */
export function protocolsTable(
  header: ReportHeader,
  order: readonly number[],
  views: readonly ViewFigures[],
  { t, numbers }: Writing,
): SystemTable {
  const averages = ['micro', 'macro'] as const;
  const cell = (
    { view, threshold, systems }: ViewFigures,
    system: number,
    average: 'micro' | 'macro',
  ): Cell => {
    const one = systems.find((figures) => figures.system === system);
    if (!one) return { text: '–' };
    const { mean } = one.figures[`${average} F1`];
    const interval = threshold === undefined ? f1Interval(header, one, view, average) : undefined;
    const detail = interval && `[${numbers.rate(interval[0])}–${numbers.rate(interval[1])}]`;
    return { text: numbers.rate(mean), value: mean, ...(detail && { detail }) };
  };
  return {
    caption: t('Every protocol side by side, F1 with 95 % intervals'),
    columns: [
      named(t('model')),
      ...averages.flatMap((average) =>
        views.map(({ view }) => numeric(t('{0} F1, {1}', t(average), viewName(view, t)))),
      ),
    ],
    systems: order,
    rows: order.map((system) => [
      { text: systemName(header.systems[system]!, t) },
      ...averages.flatMap((average) => views.map((figures) => cell(figures, system, average))),
    ]),
  };
}
