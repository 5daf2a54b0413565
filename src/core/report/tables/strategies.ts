import type { FigureName } from '../figures';
import { strategyName } from '../names';
import type { NumberWriter } from '../numbers';
import type { ReportComparison, ReportHeader, ReportView } from '../reportHeader';
import type { SystemFigures } from '../systemFigures';
import type { Cell, ReportTable } from '../tables';
import { named, numeric, where } from './parts';
import type { SystemTable, ViewFigures, Writing } from './parts';

/** A comparison counts as significant below this, after correction. */
export const SIGNIFICANT = 0.05;

/** One encoder and scheme: its strategies with mean, deviation, difference from the baseline and p. */
export function strategiesTable(
  header: ReportHeader,
  figures: ViewFigures,
  group: { readonly encoder: string; readonly scheme: string },
  writing: Writing,
): SystemTable {
  const { t, numbers } = writing;
  const own = figures.systems.filter(({ system }) => {
    const { encoder, scheme } = header.systems[system]!;
    return encoder === group.encoder && scheme === group.scheme;
  });
  const baseline = baselineOf(header, own);
  const name = baseline && strategyName(header.systems[baseline.system]!.strategy, t);
  const rows = own.map((one) => {
    const tested = (metric: ReportComparison['metric']): Cell[] =>
      differenceCells(header, figures, one, baseline, metric, numbers);
    return [
      { text: strategyName(header.systems[one.system]!.strategy, t) },
      { text: String(one.runs.length), value: one.runs.length },
      spreadCell(one, 'micro F1', numbers),
      ...tested('micro F1'),
      spreadCell(one, 'macro F1', numbers),
      ...tested('macro F1'),
    ];
  });
  const beside = (metric: string): ReportTable['columns'][number][] =>
    name === undefined ? [] : [numeric(t('Δ {0} from {1}', metric, name)), numeric(t('p (Holm)'))];
  return {
    caption: t('Strategies · {0} · {1} · {2}', group.encoder, group.scheme, where(figures, writing)),
    columns: [
      named(t('strategy')),
      numeric(t('runs')),
      numeric(t('micro F1')),
      ...beside(t('micro')),
      numeric(t('macro F1')),
      ...beside(t('macro')),
    ],
    systems: own.map(({ system }) => system),
    rows,
  };
}

/** Encoders and schemes of which at least two strategies were scored, in order of first appearance. */
export function strategyGroups(
  { systems }: ReportHeader,
  figures: Pick<ViewFigures, 'systems'>,
): { readonly encoder: string; readonly scheme: string }[] {
  const counts = new Map<string, number>();
  for (const { system } of figures.systems) {
    const { encoder, scheme } = systems[system]!;
    const key = JSON.stringify([encoder, scheme]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key]) => {
      const [encoder, scheme] = JSON.parse(key) as [string, string];
      return { encoder, scheme };
    });
}

/** What strategies are compared with: iterative stratification where it is there, else the first; none if alone. */
export function baselineOf(
  header: ReportHeader,
  systems: readonly SystemFigures[],
): SystemFigures | undefined {
  if (systems.length < 2) return undefined;
  return systems.find(({ system }) => header.systems[system]!.strategy === 'is') ?? systems[0];
}

/** The stored comparison of a system in a view and metric. */
export function comparisonOf(
  { comparisons }: ReportHeader,
  view: ReportView,
  metric: ReportComparison['metric'],
  baseline: number,
  system: number,
): ReportComparison | undefined {
  return comparisons.find(
    (one) => one.view === view && one.metric === metric && one.baseline === baseline && one.system === system,
  );
}

function differenceCells(
  header: ReportHeader,
  { view, threshold }: ViewFigures,
  one: SystemFigures,
  baseline: SystemFigures | undefined,
  metric: ReportComparison['metric'],
  numbers: NumberWriter,
): Cell[] {
  if (!baseline) return [];
  if (baseline === one) return [{ text: '–' }, { text: '' }];
  const difference = one.figures[metric].mean - baseline.figures[metric].mean;
  const tested =
    threshold === undefined ? comparisonOf(header, view, metric, baseline.system, one.system) : undefined;
  const mark = tested && tested.adjustedP < SIGNIFICANT ? ' ●' : '';
  return [
    { text: numbers.signed(difference), value: difference },
    tested ? { text: numbers.p(tested.adjustedP) + mark, value: tested.adjustedP } : { text: '–' },
  ];
}

function spreadCell({ figures }: SystemFigures, name: FigureName, numbers: NumberWriter): Cell {
  const { mean, deviation } = figures[name];
  const around = deviation === undefined ? {} : { detail: `±${numbers.rate(deviation)}` };
  return { text: numbers.rate(mean), value: mean, ...around };
}
