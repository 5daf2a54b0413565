import type { Figures } from '../../core/evaluate/evaluation';
import type { TokenViewReport, ViewReports } from '../../core/evaluate/report';
import { textCounts } from '../../core/evaluate/textView';
import { aligned } from '../table';

/** A row of a table, or a line that stands between rows. */
type Line = readonly string[] | string;

/** The figures of every view for the terminal, each under its view's name, then each label's words. */
export function summaryOf(views: ViewReports): string {
  const lines: Line[] = [
    ['', 'micro P', 'R', 'F1 [95 %]', 'macro P', 'R', 'F1 [95 %]', 'support'],
    ...(['paper protocol', 'honest token'] as const).flatMap((view) => {
      const report = views[view];
      return report ? [view, ...tokenLines(report)] : [];
    }),
    'text',
    ...textCounts.map((count) => row(count, views.text[count])),
    `  thresholds from ${views.text.thresholdsFrom}`,
  ];
  const labels: Line[] = [['text, words', 'P', 'R', 'F1 [95 %]', 'support'], ...labelRows(views.text.words)];
  return `${render(lines)}\n${render(labels)}`;
}

function tokenLines(report: TokenViewReport): Line[] {
  const areas = [
    ['ROC AUC', report.rocAuc],
    ['average precision', report.averagePrecision],
    ['calibration error', report.calibrationError],
  ] as const;
  const all = areas.flatMap(([name, averages]) =>
    averages ? [`${name} ${fixed(averages.micro)} micro, ${fixed(averages.macro)} macro`] : [],
  );
  if (all.length === 0) return [row('tokens', report['shared threshold']), `  ${report.computed}`];
  return [
    row(`shared threshold ${report.thresholds.shared}`, report['shared threshold']),
    row('threshold per label', report['threshold per label']),
    `  ${all.join('; ')}`,
    `  thresholds from ${report.thresholdsFrom}`,
    `  computed ${report.computed}`,
  ];
}

function labelRows({ perLabel, f1Intervals }: Figures): string[][] {
  return Object.entries(perLabel).map(([label, { precision, recall, f1, support }]) => [
    `  ${label}`,
    fixed(precision),
    fixed(recall),
    `${fixed(f1)} ${interval(f1Intervals[`F1 of ${label}`])}`,
    String(support),
  ]);
}

function row(name: string, { micro, macro, f1Intervals }: Figures): string[] {
  const rates = ({ precision, recall, f1 }: Figures['micro'], of: string): string[] => [
    fixed(precision),
    fixed(recall),
    `${fixed(f1)} ${interval(f1Intervals[of])}`,
  ];
  return [`  ${name}`, ...rates(micro, 'micro F1'), ...rates(macro, 'macro F1'), String(micro.support)];
}

/** Rows aligned with each other, whatever stands between them. */
function render(lines: readonly Line[]): string {
  const rows = aligned(lines.filter((line) => typeof line !== 'string'));
  let next = 0;
  return lines.map((line) => `${typeof line === 'string' ? line : rows[next++]!}\n`).join('');
}

function interval(given: Figures['f1Intervals'][string] | undefined): string {
  return given ? `[${fixed(given.low)}, ${fixed(given.high)}]` : '';
}

function fixed(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(4);
}
