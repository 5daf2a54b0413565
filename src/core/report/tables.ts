import { stringify } from 'csv-stringify/sync';

/** A cell as it is read, and the bare number behind it for whoever computes with it. */
export interface Cell {
  readonly text: string;
  /** An interval or a spread that belongs to it. */
  readonly detail?: string;
  readonly value?: number;
  /** The bare ends of its interval, which `detail` writes. */
  readonly interval?: readonly [low: number, high: number];
  /** The bare standard deviation over runs, which `detail` writes. */
  readonly deviation?: number;
}

export interface Column {
  readonly name: string;
  readonly numeric: boolean;
  /** What the low and high ends of its cells' intervals are called where they stand in columns of their own. */
  readonly ends?: readonly [low: string, high: string];
  /** What the deviations of its cells are called likewise. */
  readonly spread?: string;
}

/** A table of the report, whatever shows it. The first column names the rows, the others hold figures. */
export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A cell in one line. */
export function wholeText({ text, detail }: Cell): string {
  return detail === undefined ? text : `${text} ${detail}`;
}

export function toMarkdown({ caption, columns, rows }: ReportTable): string {
  const escaped = (text: string): string =>
    text
      .replaceAll('\\', '\\\\')
      .replaceAll('|', '\\|')
      // A label may look like a tag, which would be taken for one.
      .replace(/<(?=[a-z/!?])/gi, '\\<')
      .replaceAll('\n', ' ');
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |\n`;
  const rule = `| ${columns.map(({ numeric }) => (numeric ? '--:' : ':--')).join(' | ')} |\n`;
  const body = rows.map((row) => line(row.map(wholeText))).join('');
  return `${caption}\n\n${line(columns.map(({ name }) => name))}${rule}${body}`;
}

/** As RFC 4180 asks, with a header; numbers are not rounded, and intervals' ends and deviations stand behind their figure. */
export function toCsvTable({ columns, rows }: ReportTable): string {
  const names = columns.flatMap(({ name, ends = [], spread }) => [
    name,
    ...ends,
    ...(spread ? [spread] : []),
  ]);
  const cells = rows.map((row) =>
    row.flatMap(({ text, value, interval, deviation }, i) => {
      const { ends, spread } = columns[i]!;
      const behind = [...(ends ? (interval ?? ['', '']) : []), ...(spread ? [deviation ?? ''] : [])];
      return [value ?? safeText(text), ...behind];
    }),
  );
  return stringify([names, ...cells], { record_delimiter: 'windows' });
}

/** A name that a spreadsheet would take for a formula is kept a text. */
function safeText(text: string): string {
  return /^[=+@\t\r]/.test(text) || /^-[^\d\s–]/.test(text) ? `'${text}` : text;
}

/** A `table` with rules of the package booktabs. */
export function toLatex({ caption, columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]): string => `    ${cells.map(latexText).join(' & ')} \\\\\n`;
  return (
    '% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n' +
    `  \\caption{${latexText(caption)}}\n` +
    `  \\begin{tabular}{${columns.map(({ numeric }) => (numeric ? 'r' : 'l')).join('')}}\n    \\toprule\n` +
    `${line(columns.map(({ name }) => name))}    \\midrule\n` +
    rows.map((row) => line(row.map(wholeText))).join('') +
    '    \\bottomrule\n  \\end{tabular}\n\\end{table}\n'
  );
}

const latexSigns: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '−': '$-$',
  '–': '--',
  '<': '$<$',
  '>': '$>$',
  '≥': '$\\geq$',
  '·': '$\\cdot$',
  Δ: '$\\Delta$',
  '…': '\\ldots{}',
  '●': '$\\bullet$',
};

function latexText(text: string): string {
  return text.replace(/[\\~^±−–<>≥·Δ…●&%$#_{}]/g, (sign) => latexSigns[sign] ?? `\\${sign}`);
}
