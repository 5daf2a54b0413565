import type { SplitFile } from '../core/split/splitFile';
import type { SplitReport } from '../core/split/splitReport';

/** A split's report as a table: notes of each label in each part, with their share of the part, then the measures. */
export function renderSplitReport(split: SplitFile, { parts, labels, measures }: SplitReport): string {
  const width = Math.max(24, ...labels.map(({ label }) => label.length + 4));
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(width) + cells.map((cell) => cell.padStart(16)).join('');
  const total = parts.reduce((sum, { notes }) => sum + notes, 0);
  const measure = (name: string, value: number | undefined, meaning: string): string =>
    `${name.padEnd(width)}${(value ?? 0).toFixed(6).padStart(16)}  ${meaning}`;
  const lines = [
    `${split.method}, seed ${split.seed}, ${split.ratio.join('/')}, labels in ${split.minNotes} notes or more`,
    '',
    row('notes', ['corpus', ...parts.map(({ name }) => name)]),
    row('all', [cell(total, total), ...parts.map(({ notes }) => cell(notes, total))]),
    ...labels.map((label) =>
      row(label.counted ? label.label : `(${label.label})`, [
        cell(label.total, total),
        ...label.notes.map((notes, part) => cell(notes, parts[part]!.notes)),
      ]),
    ),
    '',
    measure('label distribution', measures.labelDistribution, 'LD (Sechidis et al. 2011), 0 is best'),
    measure('pair distribution', measures.pairDistribution, 'LDP (Szymański & Kajdanowicz 2017), 0 is best'),
    measure('examples distribution', measures.examplesDistribution, 'ED, notes a part; 0 is best'),
  ];
  const rare = labels.filter(({ counted }) => !counted).length;
  if (rare > 0) lines.push(`(…): ${rare} labels in fewer than ${split.minNotes} notes, in no measure`);
  return lines.join('\n') + '\n';
}

function cell(notes: number, of: number): string {
  return `${notes} ${`${((100 * notes) / Math.max(1, of)).toFixed(1)}%`.padStart(6)}`;
}
