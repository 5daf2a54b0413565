import { labelsOfRun } from '../details';
import type { RunDetails } from '../details';
import type { ReportHeader } from '../reportHeader';
import type { Writing } from './parts';
import type { ReportTable } from '../tables';
import type { Translate } from '../words';

/** How many notes of each part of a run's split have each label, and their share of all that have it. */
export function partsTable(
  header: ReportHeader,
  { labelNotes }: RunDetails,
  run: number,
  labelName: (label: string) => string,
  { t, numbers }: Writing,
): ReportTable & { readonly labels: readonly string[] } {
  const { parts, seed } = header.runs[run]!;
  const labels = labelsOfRun(header, header.runs[run]!);
  const rows = labels.map((label, i) => {
    const counts = labelNotes.map((notes) => notes[i]!);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const share = (count: number): string =>
      total === 0 ? '' : ` (${numbers.places((100 * count) / total, 0)} %)`;
    return [
      { text: labelName(label) },
      ...counts.map((count) => ({ text: numbers.count(count) + share(count), value: count })),
      { text: numbers.count(total), value: total },
    ];
  });
  const columns = [...parts.map((part) => partName(part, t)), t('all')].map((name) => ({
    name,
    numeric: true,
  }));
  return {
    caption: t('Labels in the parts of the split · seed {0}', seed),
    columns: [{ name: t('label'), numeric: false }, ...columns],
    rows,
    labels,
  };
}

/** A part of a split as the report writes it. */
export function partName(part: string, t: Translate): string {
  return { train: t('training'), validation: t('validation'), test: t('test') }[part] ?? part;
}
