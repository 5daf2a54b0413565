import { existsSync } from 'node:fs';
import type { CorpusDocument } from '../../core/corpus/document';
import type { TrainingRun } from '../../core/experiments/plan';
import type { HyperParameters } from '../../core/train/settings/hyperParameters';
import { asTheStrategySays } from '../../core/train/settings/hyperParameters';
import type { FineTuneJob } from '../../core/train/settings/jobs';
import type { RunEvent, RunResult } from '../../core/train/loop/runEvents';
import { balancedBySeed } from '../../core/train/balance/strategy';
import { TrainingError } from '../../core/train/trainingError';
import { fineTune } from '../training/fineTune';
import type { FinishedRun } from '../training/runFolder';
import { clearFinished, finishedRun } from '../training/runFolder';
import { notesHash, readSplit } from '../training/trainingNotes';
import { modelPath, resolveIn, runPath, writeRecord } from './planFolder';
import { recordOf } from './recordOf';
import { CostMeter } from './runCost';
import type { RunNotes } from './runNotes';
import { notesOfSplit, splitFileIn } from './runNotes';
import type { EncoderWork, RunOutcome, RunWork } from './runTask';
import { copyTwin, finishedTwin } from './sameTraining';
import { scoreTest } from './scoreRun';

/** Fine-tunes an encoder, or goes on with it, and scores it; what is done of that is not done again. */
export async function trainRun(run: TrainingRun, work: EncoderWork): Promise<RunOutcome> {
  const { task, plan, documents, hooks } = work;
  const job = jobOf(run, work);
  const twin = existsSync(job.out) ? undefined : await finishedTwin(run, work);
  if (twin) {
    await copyTwin(twin, run, work);
    return 'finished';
  }
  const meter = await CostMeter.open(runPath(task.folder, run.id), hooks.ownProcess === true);
  if (!(await finishedRun(job.out))) {
    const { reason } = await train(run.id, job, meter, work);
    await meter.keep();
    if (reason === 'stopped') return 'stopped';
  } else await clearFinished(job.out);
  const trained = (await finishedRun(job.out))!;
  const notes = await trainedNotes(job.out, trained, documents);
  const scoring = { model: job.out, notes, remarks: [], labels: plan.training.labels };
  const { model, scoreSeconds } = await scoreTest(run, work, scoring);
  const learnt = learntNotes(run, notes.train, model.task.labels, trained);
  const cost = { ...meter.cost, scoreSeconds };
  await writeRecord(task.folder, recordOf({ plan, run, model, notes, learnt, trained, cost }));
  await meter.remove();
  return 'finished';
}

/**
 * The notes of the split that was trained with, as the plan has them: whatever is made of the corpus meanwhile, none
 * that was learnt is scored.
 */
async function trainedNotes(
  out: string,
  { settings }: FinishedRun,
  documents: readonly CorpusDocument[],
): Promise<RunNotes> {
  const file = splitFileIn(out);
  const notes = notesOfSplit(await readSplit(file), documents, file);
  const { corpus } = settings as { readonly corpus: { readonly sha256: string } };
  if (corpus.sha256 === notesHash([...notes.train, ...notes.validation])) return notes;
  throw new Error(`${out}: was trained on other notes than the plan's: delete it, and the run begins anew`);
}

function jobOf(
  { id, strategy, scheme, seed }: TrainingRun,
  { task, plan, encoder }: EncoderWork,
): FineTuneJob {
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
    memory: task.memory,
  };
}

async function train(
  id: string,
  job: FineTuneJob,
  meter: CostMeter,
  { corpus, hooks: { onEvent, signal, createEngine, openClassifier, savingShare } }: RunWork,
): Promise<RunResult> {
  const tell = async (event: RunEvent): Promise<void> => {
    await meter.follow(event);
    await onEvent({ type: 'run', id, event });
  };
  const own = { onEvent: tell, corpus, onnx: false };
  const hooks = { ...own, signal, createEngine, openClassifier, savingShare };
  return await fineTune(job, hooks).catch((error: unknown) => {
    throw error instanceof TrainingError ? inPlan(error, job.out) : error;
  });
}

/** An error of a training with what can be done where a plan names the folders and settings. */
function inPlan(error: TrainingError, out: string): TrainingError {
  const message = error.messageFor('plan');
  const reason = message.replace(/: [^:]*for --out$/, '');
  if (reason === message) return new TrainingError(error.failure, message);
  return new TrainingError(error.failure, `${reason}: delete ${out}, and the run begins anew`);
}

/** The training notes as the strategy left them. */
function learntNotes(
  run: TrainingRun,
  training: readonly CorpusDocument[],
  labels: readonly string[],
  { settings }: FinishedRun,
): readonly CorpusDocument[] {
  const { oversampling } = settings.parameters as HyperParameters;
  const options = { labels, scheme: run.scheme, oversampling, weights: asTheStrategySays };
  return balancedBySeed(training, run, options).documents;
}
