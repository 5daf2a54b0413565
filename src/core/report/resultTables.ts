import type { Counts } from '../evaluate/rates';
import { rates } from '../evaluate/rates';
import { FIGURES } from './figures';
import type { FigureName } from './figures';
import { strategyName, systemName, viewName } from './names';
import type { NumberWriter } from './numbers';
import type { ReportComparison, ReportHeader, ReportView } from './reportHeader';
import type { SystemFigures } from './systemFigures';
import { f1Interval } from './systemFigures';
import type { Cell, ReportTable } from './tables';
import type { Translate } from './words';

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

const numeric = (name: string): ReportTable['columns'][number] => ({ name, numeric: true });
const named = (name: string): ReportTable['columns'][number] => ({ name, numeric: false });

/** A comparison counts as significant below this, after correction. */
export const SIGNIFICANT = 0.05;

function where({ view, threshold }: ViewFigures, { t, numbers }: Writing): string {
  const at =
    threshold === undefined
      ? t('each run at its own threshold')
      : t('all at threshold {0}', numbers.places(threshold, 2));
  return `${viewName(view, t)}, ${at}`;
}

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

function figureCell(value: number, numbers: NumberWriter): Cell {
  return { text: numbers.rate(value), value };
}

function intervalCell(interval: readonly [number, number] | undefined, numbers: NumberWriter): Cell {
  return { text: interval ? `${numbers.rate(interval[0])}–${numbers.rate(interval[1])}` : '–' };
}

/** Every label of one system with support, precision, recall and F1. */
export function labelsTable(
  counts: ReadonlyMap<string, Counts>,
  caption: string,
  labelName: (label: string) => string,
  { t, numbers }: Writing,
): ReportTable & { readonly labels: readonly string[] } {
  const labels = [...counts.keys()];
  const rows = labels.map((label) => {
    const { precision, recall, f1, support } = rates(counts.get(label)!);
    return [
      { text: labelName(label) },
      { text: numbers.count(support), value: support },
      figureCell(precision, numbers),
      figureCell(recall, numbers),
      figureCell(f1, numbers),
    ];
  });
  const columns = [named(t('label')), ...[t('support'), t('P'), t('R'), t('F1')].map(numeric)];
  return { caption, columns, rows, labels };
}

/** What systems took, over their runs. */
export function costTable(
  header: ReportHeader,
  runsOfSystems: readonly (readonly number[])[],
  { t, numbers }: Writing,
): SystemTable {
  const systems = [...header.systems.keys()].filter((system) => runsOfSystems[system]!.length > 0);
  const rows = systems.map((system) => {
    const costs = runsOfSystems[system]!.map((run) => header.runs[run]!.cost);
    const sum = (of: (cost: (typeof costs)[number]) => number): number =>
      costs.reduce((total, cost) => total + of(cost), 0);
    const [train, score, tokens] = [
      sum((c) => c.trainSeconds),
      sum((c) => c.scoreSeconds),
      sum((c) => c.trainedTokens),
    ];
    const peaks = costs.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
    const peak = peaks.length === 0 ? undefined : Math.max(...peaks) / 1e6;
    const minutes = (seconds: number): Cell => ({
      text: numbers.places(seconds / 60, 1),
      value: seconds / 60,
    });
    return [
      { text: systemName(header.systems[system]!, t) },
      { text: String(costs.length), value: costs.length },
      minutes(train / costs.length),
      minutes(score / costs.length),
      minutes(train + score),
      train > 0 ? { text: numbers.count(tokens / train), value: tokens / train } : { text: '–' },
      peak === undefined ? { text: '–' } : { text: numbers.count(peak), value: peak },
    ];
  });
  const columns = [
    t('runs'),
    t('training, min a run'),
    t('scoring, min a run'),
    t('all runs, min'),
    t('trained tokens/s'),
    t('peak memory, MB'),
  ];
  return { caption: t('Cost'), columns: [named(t('model')), ...columns.map(numeric)], rows, systems };
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
        const interval =
          metric && f1Interval(header, one, figures.view, metric === 'micro F1' ? 'micro' : 'macro');
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
