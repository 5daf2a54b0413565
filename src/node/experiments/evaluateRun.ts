import type { EvaluationRun } from '../../core/experiments/plan';
import { writeRecord } from './planFolder';
import { recordOf } from './recordOf';
import { evaluationNotes, learntRemarks } from './runNotes';
import type { RunOutcome, EncoderWork } from './runTask';
import { scoreTest } from './scoreRun';

/** Scores an encoder that was fine-tuned before. */
export async function evaluateRun(run: EvaluationRun, work: EncoderWork): Promise<RunOutcome> {
  const { task, plan, documents, encoder } = work;
  const notes = await evaluationNotes(run, plan, encoder, documents);
  const remarks = await learntRemarks(encoder, notes.test);
  const { model, scoreSeconds } = await scoreTest(run, work, {
    model: encoder,
    notes,
    remarks,
    labels: undefined,
  });
  const cost = { trainSeconds: 0, trainedTokens: 0, peakMemoryBytes: null, scoreSeconds };
  const record = recordOf({ plan, run, model, notes, learnt: notes.train, trained: undefined, cost });
  await writeRecord(task.folder, record);
  return 'finished';
}
