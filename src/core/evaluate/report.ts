import type { Resampling } from './bootstrap';
import type { CountTables, Figures, TokenEvaluation } from './evaluation';
import { figures } from './evaluation';
import type { NoteCounts } from './noteCounts';
import type { TextCount } from './textView';
import type { Ranked } from './tokenView';
import { VIEWS } from './views';

/** What metrics.json says of a token view. */
export interface TokenViewReport extends Partial<Omit<Ranked, 'curves'>> {
  readonly about: string;
  readonly computed: string;
  readonly rows: number;
  readonly thresholdsFrom: string;
  readonly thresholds: { readonly shared: number; readonly perLabel: Readonly<Record<string, number>> };
  readonly 'shared threshold': Figures;
  readonly 'threshold per label': Figures;
}

/** What metrics.json says of the `text` view. */
export type TextViewReport = { readonly about: string; readonly thresholdsFrom: string } & Readonly<
  Record<TextCount, Figures>
>;

export interface ViewReports {
  readonly 'paper protocol'?: TokenViewReport;
  readonly 'honest token'?: TokenViewReport;
  readonly text: TextViewReport;
}

/** All that was counted, before any rate is derived. */
export interface CountedViews {
  readonly tokens: readonly TokenEvaluation[];
  readonly text: Readonly<Record<TextCount, NoteCounts>>;
  /** Where the thresholds behind the entities come from, in words. */
  readonly textThresholdsFrom: string;
}

/** Every table under the name of its view, for counts.json and for tests between systems. */
export function namedTables({ tokens, text }: CountedViews): CountTables {
  return Object.fromEntries([
    ...tokens.flatMap(({ view, tables }) => [
      [`${view}, shared threshold`, tables.shared],
      [`${view}, threshold per label`, tables.perLabel],
    ]),
    ...Object.entries(text).map(([count, table]) => [`text, ${count}`, table]),
  ]) as CountTables;
}

/** Rates of every view. `groupOf` says which notes are drawn together for the intervals. */
export function viewReports(
  counted: CountedViews,
  groupOf: (note: string) => string,
  resampling: Resampling,
): ViewReports {
  const of = (table: NoteCounts): Figures => figures(table, groupOf, resampling);
  const tokens = counted.tokens.map((one) => [one.view, tokenReport(one, of)] as const);
  const text = Object.entries(counted.text).map(([count, table]) => [count, of(table)] as const);
  return {
    ...Object.fromEntries(tokens),
    text: {
      about: VIEWS.text,
      thresholdsFrom: counted.textThresholdsFrom,
      ...(Object.fromEntries(text) as Record<TextCount, Figures>),
    },
  };
}

function tokenReport(
  { view, computed, rows, thresholds, thresholdsFrom, tables, ranked }: TokenEvaluation,
  of: (table: NoteCounts) => Figures,
): TokenViewReport {
  const perLabel = tables.perLabel.labels.map((label, i) => [label, thresholds.perLabel[i]!] as const);
  return {
    about: VIEWS[view],
    computed,
    rows,
    thresholdsFrom,
    thresholds: { shared: thresholds.shared, perLabel: Object.fromEntries(perLabel) },
    'shared threshold': of(tables.shared),
    'threshold per label': of(tables.perLabel),
    ...(ranked && withoutCurves(ranked)),
  };
}

/** Curves have a file of their own. */
function withoutCurves({
  rocAuc,
  averagePrecision,
  calibrationError,
  reliability,
}: Ranked): Omit<Ranked, 'curves'> {
  return { rocAuc, averagePrecision, calibrationError, reliability };
}
