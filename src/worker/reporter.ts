import { toBytes } from '../core/report/container';
import { keyOfNote, locateNote } from '../node/report/locateNote';
import { openReport } from '../node/report/openReport';
import { writeReportPage } from '../node/report/writeReports';
import type { ReporterAnswer, ReporterQuestion } from '../protocol/reporter';

// Answers one question and ends: what a report takes in memory is then free again.
process.once('message', (question: ReporterQuestion) => {
  void answer(question)
    .catch((error: unknown): ReporterAnswer => {
      return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
    })
    .then((answered) => process.send!(answered, () => process.exit(0)));
});
// The editor is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));

async function answer(question: ReporterQuestion): Promise<ReporterAnswer> {
  const { planFolder } = question;
  switch (question.type) {
    case 'open': {
      const report = await openReport(planFolder, true);
      const unfinished = report.header.runs.length < report.header.planned;
      return { type: 'report', data: toBytes(report), unfinished };
    }
    case 'save':
      await writeReportPage(planFolder, question.file, question.texts);
      return { type: 'saved' };
    case 'locate':
      return { type: 'located', place: await placeOf(question) };
  }
}

async function placeOf({ planFolder, note, run }: Extract<ReporterQuestion, { type: 'locate' }>) {
  const place = await locateNote(planFolder, note);
  const key = place && run !== undefined ? await keyOfNote(planFolder, run, note) : undefined;
  return key === undefined ? place : { ...place!, key };
}
