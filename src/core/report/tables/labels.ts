import type { Counts } from '../../evaluate/rates';
import { rates } from '../../evaluate/rates';
import type { ReportTable } from '../tables';
import { figureCell, named, numeric } from './parts';
import type { Writing } from './parts';

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
