import type { Command } from 'commander';
import { writeReportFiles } from '../node/report/writeReports';
import { countOf } from './table';

/** `anamnese report`: a plan's report and tables anew. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('write report.html, table.md, table.csv and table.tex of the finished runs of a plan')
    .argument('<dir>', 'folder of a plan: plan.json and runs/')
    .option(
      '--notes',
      'put the words of the notes into report.html (by default no word of a note is in it)',
      false,
    )
    .addHelpText('after', '\nExample:\n  anamnese report plans/e5\n')
    .action(async (folder: string, { notes }: { notes: boolean }) => {
      const { files, problems } = await writeReportFiles(folder, { texts: notes });
      for (const problem of problems) console.error(`anamnese: ${problem}`);
      process.stdout.write(files.map((file) => `${file}\n`).join(''));
      if (problems.length > 0)
        console.error(`anamnese: ${countOf(problems.length, 'problem')} with the runs`);
    });
}
