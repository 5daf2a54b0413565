import { FIGURES } from '../figures';
import { systemName, viewName } from '../names';
import type { ReportHeader } from '../reportHeader';
import type { Cell } from '../tables';
import { estimateCell, estimated, named, numeric, where } from './parts';
import type { SystemTable, ViewFigures, Writing } from './parts';

/** Every system with precision, recall and F1, each with its interval, in the order given. */
export function modelsTable(header: ReportHeader, figures: ViewFigures, writing: Writing): SystemTable {
  const { t, numbers } = writing;
  // In the order of FIGURES.
  const names = [t('micro P'), t('micro R'), t('micro F1'), t('macro P'), t('macro R'), t('macro F1')];
  const intervals = figures.threshold === undefined ? ` · ${t('[95 % interval]')}` : '';
  return {
    caption: t('Models · {0}', where(figures, writing)) + intervals,
    columns: [named(t('model')), numeric(t('runs')), ...names.map((name) => estimated(name, t))],
    systems: figures.systems.map(({ system }) => system),
    rows: figures.systems.map((one) => [
      { text: systemName(header.systems[one.system]!, t) },
      { text: String(one.runs.length), value: one.runs.length },
      ...FIGURES.map((name) => estimateCell(header, figures, one, name, numbers)),
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
  const cell = (figures: ViewFigures, system: number, average: 'micro' | 'macro'): Cell => {
    const one = figures.systems.find((other) => other.system === system);
    return one ? estimateCell(header, figures, one, `${average} F1`, numbers) : { text: '–' };
  };
  return {
    caption: t('Every protocol side by side, F1 with 95 % intervals'),
    columns: [
      named(t('model')),
      ...averages.flatMap((average) =>
        views.map(({ view }) => estimated(t('{0} F1, {1}', t(average), viewName(view, t)), t)),
      ),
    ],
    systems: order,
    rows: order.map((system) => [
      { text: systemName(header.systems[system]!, t) },
      ...averages.flatMap((average) => views.map((figures) => cell(figures, system, average))),
    ]),
  };
}
