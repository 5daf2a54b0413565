import { FIGURES } from '../figures';
import { systemName, viewName } from '../names';
import type { ReportHeader } from '../reportHeader';
import { figureInterval } from '../systemFigures';
import type { Cell, ReportTable } from '../tables';
import type { ViewFigures, Writing } from './parts';

/** For whoever computes on: a row a system, protocol and figure. */
export function longTable(
  header: ReportHeader,
  views: readonly ViewFigures[],
  { t, numbers }: Writing,
): ReportTable {
  const rows = views.flatMap((figures) =>
    figures.systems.flatMap((one) => {
      const { encoder, strategy, scheme, notes } = header.systems[one.system]!;
      return FIGURES.map((name): Cell[] => {
        const { mean, deviation, values } = one.figures[name];
        const metric = name === 'micro F1' || name === 'macro F1' ? name : undefined;
        const interval = figureInterval(header, one, figures.view, name);
        const tested =
          metric &&
          header.comparisons.find(
            (c) => c.view === figures.view && c.metric === metric && c.system === one.system,
          );
        const number = (value: number | undefined): Cell =>
          value === undefined ? { text: '' } : { text: numbers.rate(value), value };
        return [
          { text: encoder },
          { text: strategy },
          { text: scheme },
          { text: notes ?? 'test' },
          { text: viewName(figures.view, t) },
          { text: name },
          number(values.length),
          number(mean),
          number(deviation),
          number(interval?.[0]),
          number(interval?.[1]),
          { text: tested ? systemName(header.systems[tested.baseline]!, t) : '' },
          number(tested?.difference.value),
          number(tested?.difference.low),
          number(tested?.difference.high),
          number(tested?.p),
          number(tested?.adjustedP),
          { text: tested?.test ?? '' },
        ];
      });
    }),
  );
  const names = [
    'encoder',
    'strategy',
    'scheme',
    'notes',
    'scoring',
    'figure',
    'runs',
    'mean',
    'sd',
    'low',
    'high',
    'baseline',
    'difference',
    'difference low',
    'difference high',
    'p',
    'p (Holm)',
    'test',
  ];
  return { caption: t('All figures'), columns: names.map((name) => ({ name, numeric: false })), rows };
}
