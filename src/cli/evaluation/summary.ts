import type { Figures } from '../../core/evaluate/evaluation';
import type { TokenViewReport, ViewReports } from '../../core/evaluate/report';
import { textCounts } from '../../core/evaluate/textView';

/** The figures of every view for the terminal, each line under its view's name. */
export function summaryOf(views: ViewReports): string {
  const lines = [header()];
  for (const view of ['paper protocol', 'honest token'] as const) {
    const report = views[view];
    if (report) lines.push('', view, ...tokenLines(report));
  }
  lines.push('', 'text', ...textCounts.map((count) => row(count, views.text[count])));
  lines.push(`  thresholds from ${views.text.thresholdsFrom}`);
  lines.push('', 'text, words', ...labelLines(views.text.words));
  return lines.join('\n') + '\n';
}

function tokenLines(report: TokenViewReport): string[] {
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

function labelLines({ perLabel, f1Intervals }: Figures): string[] {
  return Object.entries(perLabel).map(([label, { precision, recall, f1, support }]) => {
    const rates = [precision, recall, f1].map((rate) => fixed(rate)).join('  ');
    return `  ${label.padEnd(24)} ${rates}  ${interval(f1Intervals[`F1 of ${label}`])}  of ${support}`;
  });
}

function header(): string {
  return `  ${''.padEnd(24)} micro P  R  F1 [95 %]  |  macro P  R  F1 [95 %]  |  support`;
}

function row(name: string, { micro, macro, f1Intervals }: Figures): string {
  const rates = ({ precision, recall, f1 }: Figures['micro']): string =>
    [precision, recall, f1].map((rate) => fixed(rate)).join('  ');
  const both = [
    `${rates(micro)} ${interval(f1Intervals['micro F1'])}`,
    `${rates(macro)} ${interval(f1Intervals['macro F1'])}`,
    micro.support,
  ];
  return `  ${name.padEnd(24)} ${both.join('  |  ')}`;
}

function interval(given: Figures['f1Intervals'][string] | undefined): string {
  return given ? `[${fixed(given.low)}, ${fixed(given.high)}]` : '';
}

function fixed(value: number | undefined): string {
  return value === undefined ? '   -  ' : value.toFixed(4);
}
