import type { CorpusDocument } from '../../core/corpus/document';
import type { TrainingRun } from '../../core/experiments/plan';
import type { HyperParameters } from '../../core/train/hyperParameters';
import type { FineTuneJob } from '../../core/train/jobs';
import type { RunEvent, RunResult } from '../../core/train/runEvents';
import { balancedBySeed } from '../../core/train/strategy';
import { TrainingError } from '../../core/train/trainingError';
import { fineTune } from '../training/fineTune';
import type { FinishedRun } from '../training/runFolder';
import { finishedRun } from '../training/runFolder';
import { readTrainingNotes } from '../training/trainingNotes';
import { modelPath, resolveIn, runPath, writeRecord } from './planFolder';
import { recordOf } from './recordOf';
import { CostMeter } from './runCost';
import { notesOfSplit } from './runNotes';
import type { RunOutcome, RunTaskHooks, RunWork } from './runTask';
import { scoreTest } from './scoreRun';

/** Fine-tunes an encoder, or goes on with it, and scores it; what is done of that is not done again. */
export async function trainRun(run: TrainingRun, work: RunWork): Promise<RunOutcome> {
  const { task, plan, documents, hooks } = work;
  const job = jobOf(run, work);
  const meter = await CostMeter.open(runPath(task.folder, run.id), hooks.ownProcess === true);
  if (!(await finishedRun(job.out))) {
    const { reason } = await train(run.id, job, meter, hooks);
    await meter.keep();
    if (reason === 'stopped') return 'stopped';
  }
  const trained = (await finishedRun(job.out))!;
  const { training, labels, split } = await readTrainingNotes(job);
  const notes = notesOfSplit(split, documents, job.corpus);
  const scoring = { model: job.out, notes, remarks: [], labels: plan.training.labels };
  const { model, scoreSeconds } = await scoreTest(run, work, scoring);
  const learnt = learntNotes(run, training, labels, trained);
  const cost = { ...meter.cost, scoreSeconds };
  await writeRecord(task.folder, recordOf({ plan, run, model, notes, learnt, trained, cost }));
  await meter.remove();
  return 'finished';
}

function jobOf({ id, strategy, scheme, seed }: TrainingRun, { task, plan, encoder }: RunWork): FineTuneJob {
  return {
    ...plan.training,
    task: 'train',
    corpus: resolveIn(task.folder, plan.corpus.path),
    from: plan.corpus.from,
    encoder,
    out: modelPath(task.folder, id),
    strategy,
    scheme,
    seed,
    device: task.device ?? 'auto',
    threads: task.threads,
    plan: task.plan,
  };
}

async function train(
  id: string,
  job: FineTuneJob,
  meter: CostMeter,
  { onEvent, signal, createEngine, openClassifier, savingShare }: RunTaskHooks,
): Promise<RunResult> {
  const tell = async (event: RunEvent): Promise<void> => {
    await meter.follow(event);
    await onEvent({ type: 'run', id, event });
  };
  const hooks = { onEvent: tell, signal, createEngine, openClassifier, savingShare, onnx: false };
  return await fineTune(job, hooks).catch((error: unknown) => {
    if (!(error instanceof TrainingError) || !error.message.endsWith('for --out')) throw error;
    // Another folder is no way out where the plan names the folders.
    const reason = error.message.replace(/: [^:]*for --out$/, '');
    throw new TrainingError(error.failure, `${reason}: delete ${job.out}, and the run begins anew`);
  });
}

/** The training notes as the strategy left them. */
function learntNotes(
  run: TrainingRun,
  training: readonly CorpusDocument[],
  labels: readonly string[],
  { settings }: FinishedRun,
): readonly CorpusDocument[] {
  const { oversampling } = settings.parameters as HyperParameters;
  return balancedBySeed(training, run, { labels, scheme: run.scheme, oversampling }).documents;
}
