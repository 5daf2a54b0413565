import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PackedReport } from '../../core/report/container';
import { runFigures } from '../../core/report/figures';
import { groupsIn } from '../../core/report/groups';
import { numberWriter } from '../../core/report/numbers';
import { REPORT_VIEWS } from '../../core/report/reportHeader';
import { longTable } from '../../core/report/tables/all';
import { askingTable } from '../../core/report/tables/asking';
import { modelsTable, protocolsTable } from '../../core/report/tables/models';
import type { SystemTable, ViewFigures } from '../../core/report/tables/parts';
import { comparedTable } from '../../core/report/tables/compared';
import { runsBySystem, runsOfSystems, systemFigures } from '../../core/report/systemFigures';
import { toCsvTable, toLatex, toMarkdown } from '../../core/report/tables';
import { readOwn } from '../../core/report/tallies';
import { english } from '../../core/report/words';
import { writeWholeFile } from '../wholeFile';
import { readPageParts, reportHtml } from './html';
import { openReport } from './openReport';

/** Tables for papers are in English, whoever writes them. */
const writing = { t: english, numbers: numberWriter(false) };

export interface ReportOptions {
  /** Whether the notes' texts are in report.html; not by default. */
  readonly texts?: boolean;
}

/**
 * Writes report.html, table.md, table.csv and table.tex into a plan's folder, each whole or as it was. Runs that are
 * damaged are left out and named in the report.
 * @returns what was written, and the problems
 * @throws Error where there is no plan, or a file cannot be written
 */
export async function writeReportFiles(
  planFolder: string,
  { texts = false }: ReportOptions = {},
): Promise<{ readonly files: readonly string[]; readonly problems: readonly string[] }> {
  const [parts, report] = await Promise.all([readPageParts(), openReport(planFolder, texts)]);
  const contents = { 'report.html': reportHtml(report, parts), ...tableFiles(report) };
  const files: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const file = path.join(planFolder, name);
    await writeWholeFile(file, content);
    files.push(file);
  }
  return { files, problems: report.header.problems };
}

/** Writes report.html alone to a place of one's own choice. @throws Error as `writeReportFiles` */
export async function writeReportPage(planFolder: string, file: string, texts: boolean): Promise<void> {
  const [parts, report] = await Promise.all([readPageParts(), openReport(planFolder, texts)]);
  await writeWholeFile(file, reportHtml(report, parts));
}

/** @returns the files that were written, see `writeReportFiles` */
export async function writeReports(planFolder: string): Promise<readonly string[]> {
  return (await writeReportFiles(planFolder)).files;
}

function tableFiles(report: PackedReport): Record<'table.md' | 'table.csv' | 'table.tex', string> {
  const views = viewFigures(report);
  const { header } = report;
  const order = [...header.systems.keys()];
  const asking = askingTable(header, runsOfSystems(header), writing);
  const tables: SystemTable[] = [
    protocolsTable(header, order, views, writing),
    ...views.flatMap((figures) => [
      modelsTable(header, figures, writing),
      ...groupsIn(figures.view, header.systems).flatMap(
        (group) => comparedTable(header, figures, group, writing) ?? [],
      ),
    ]),
    ...(asking ? [asking] : []),
  ];
  return {
    'table.md': `# ${header.name}\n\n${tables.map(toMarkdown).join('\n')}`,
    'table.csv': toCsvTable(longTable(header, views, writing)),
    'table.tex': tables.map(toLatex).join('\n'),
  };
}

/** Every view at its runs' own thresholds; views in which no run was scored are left out. */
function viewFigures({ header, blocks }: PackedReport): ViewFigures[] {
  const own = readOwn(header, gunzipSync(blocks.own!), REPORT_VIEWS);
  const views = REPORT_VIEWS.map((view): ViewFigures => {
    const systems = systemFigures(runsBySystem(header, view), runFigures(own[view]));
    return { view, threshold: undefined, systems };
  });
  return views.filter(({ systems }) => systems.length > 0);
}
