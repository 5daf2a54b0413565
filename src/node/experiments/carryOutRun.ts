import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusDocument } from '../../core/corpus/document';
import type { PlanFile, PlannedRun, TrainingRun } from '../../core/experiments/plan';
import type { PlanEvent } from '../../core/experiments/planEvents';
import type { RunRecord } from '../../core/experiments/runFiles';
import { RUN_FILES } from '../../core/experiments/runFiles';
import type { DeviceChoice } from '../../core/ports';
import { outputLabels } from '../../core/labels/tokenTargets';
import type { HyperParameters } from '../../core/train/hyperParameters';
import { notesPerLabel } from '../../core/train/imbalance';
import type { FineTuneJob } from '../../core/train/jobs';
import type { RunEvent } from '../../core/train/runEvents';
import { balancedBySeed } from '../../core/train/strategy';
import { TrainingError } from '../../core/train/trainingError';
import type { ScoredModel } from '../evaluation/modelViews';
import { fingerprint } from '../training/encoderFiles';
import type { FineTuneHooks } from '../training/fineTune';
import { fineTune } from '../training/fineTune';
import { readConfig } from '../encoderFolder';
import type { FinishedRun } from '../training/runFolder';
import { finishedRun } from '../training/runFolder';
import { readTrainingNotes } from '../training/trainingNotes';
import { writeWholeFile } from '../wholeFile';
import { environment } from './environment';
import { modelPath, readPlan, readPlanCorpus, readRecord, resolveIn, runPath } from './planFolder';
import type { RunCost } from './runCost';
import { CostMeter } from './runCost';
import { acquireLock } from './runLock';
import type { RunNotes } from './runNotes';
import { evaluationNotes, learntRemarks, notesOfSplit } from './runNotes';
import { scoreRun } from './scoreRun';

/** A run of a plan, and how this machine is to compute it. */
export interface RunTask {
  /** The plan's. */
  readonly folder: string;
  readonly id: string;
  readonly device?: DeviceChoice | undefined;
  readonly threads?: number | undefined;
  readonly plan?: FineTuneJob['plan'];
}

/** `held`: another process is at it. */
export type RunOutcome = 'finished' | 'stopped' | 'held';

export interface RunTaskHooks extends Pick<FineTuneHooks, 'createEngine' | 'openClassifier' | 'savingShare'> {
  onEvent(event: Extract<PlanEvent, { readonly type: 'run' | 'scoring' }>): void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Whether this process does nothing else, so that its memory is the run's. */
  readonly ownProcess?: boolean | undefined;
}

/**
 * Carries out one run of a plan from wherever it stands: training from its last checkpoint, then scores, then the
 * record. A run that is finished is left as it is; one that another process is at, too.
 * @throws Error with a message for a person
 */
export async function carryOutRun(task: RunTask, hooks: RunTaskHooks): Promise<RunOutcome> {
  const plan = await readPlan(task.folder);
  const run = plan.runs.find(({ id }) => id === task.id);
  if (!run) throw new Error(`${task.folder}: the plan has no run ${task.id}`);
  const lock = await acquireLock(task.folder, run.id);
  if (!lock) return 'held';
  try {
    if (await readRecord(task.folder, plan, run.id)) return 'finished';
    return await new RunWork(task, plan, run, hooks).carryOut();
  } catch (error) {
    if (hooks.signal?.aborted) return 'stopped';
    throw error;
  } finally {
    await lock.release();
  }
}

class RunWork {
  private readonly folder: string;
  private readonly encoder: PlanFile['encoders'][number] & { readonly folder: string };

  constructor(
    private readonly task: RunTask,
    private readonly plan: PlanFile,
    private readonly run: PlannedRun,
    private readonly hooks: RunTaskHooks,
  ) {
    this.folder = runPath(task.folder, run.id);
    const encoder = plan.encoders.find(({ name }) => name === run.encoder);
    if (!encoder)
      throw new Error(`${task.folder}: the plan has no encoder ${run.encoder}, which ${run.id} needs`);
    this.encoder = { ...encoder, folder: resolveIn(task.folder, encoder.path) };
  }

  async carryOut(): Promise<RunOutcome> {
    const { documents } = await readPlanCorpus(this.task.folder, this.plan);
    await this.checkEncoder();
    await mkdir(this.folder, { recursive: true });
    const { run } = this;
    return run.kind === 'train' ? this.train(run) : this.evaluate(documents);
  }

  /** @throws Error where the encoder is gone or is not the one that the plan was made with */
  private async checkEncoder(): Promise<void> {
    const { folder, sha256 } = this.encoder;
    readConfig(folder);
    if ((await fingerprint(folder)) === sha256) return;
    throw new Error(
      `${folder}: this encoder has changed since the plan was made: bring it back, or make another plan`,
    );
  }

  private async train(run: TrainingRun): Promise<RunOutcome> {
    const job = this.jobOf(run);
    const meter = await CostMeter.open(this.folder, this.hooks.ownProcess === true);
    if (!(await finishedRun(job.out))) {
      const { reason } = await this.fineTune(job, meter);
      await meter.keep();
      if (reason === 'stopped') return 'stopped';
    }
    const trained = (await finishedRun(job.out))!;
    const { training: train, labels, split } = await readTrainingNotes(job);
    const { documents } = await readPlanCorpus(this.task.folder, this.plan);
    const notes = notesOfSplit(split, documents, job.corpus);
    const parameters = trained.settings.parameters as HyperParameters;
    const options = { labels, scheme: run.scheme, oversampling: parameters.oversampling };
    const learnt = balancedBySeed(train, run, options).documents;
    const began = performance.now();
    const model = await this.score(job.out, notes, []);
    const scoreSeconds = (performance.now() - began) / 1000;
    await this.finish(
      this.recordOf(model, { ...notes, train: learnt }, trained, { ...meter.cost, scoreSeconds }),
    );
    await meter.remove();
    return 'finished';
  }

  private jobOf(run: TrainingRun): FineTuneJob {
    const { corpus, training } = this.plan;
    const { device = 'auto', threads, plan } = this.task;
    return {
      ...training,
      task: 'train',
      corpus: resolveIn(this.task.folder, corpus.path),
      from: corpus.from,
      encoder: this.encoder.folder,
      out: modelPath(this.task.folder, run.id),
      strategy: run.strategy,
      scheme: run.scheme,
      seed: run.seed,
      device,
      threads,
      plan,
    };
  }

  private async fineTune(job: FineTuneJob, meter: CostMeter) {
    const onEvent = async (event: RunEvent): Promise<void> => {
      await meter.follow(event);
      await this.hooks.onEvent({ type: 'run', id: this.run.id, event });
    };
    const { createEngine, openClassifier, savingShare, signal } = this.hooks;
    const hooks = { onEvent, signal, createEngine, openClassifier, savingShare, onnx: false };
    return await fineTune(job, hooks).catch((error: unknown) => {
      if (!(error instanceof TrainingError) || !error.message.endsWith('for --out')) throw error;
      // What the folder of a single run advises does not help where the plan names the folders.
      const reason = error.message.replace(/: [^:]*for --out$/, '');
      throw new TrainingError(error.failure, `${reason}: delete ${job.out}, and the run begins anew`);
    });
  }

  private async evaluate(documents: readonly CorpusDocument[]): Promise<RunOutcome> {
    const { run, plan, encoder } = this;
    if (run.kind !== 'evaluate') throw new TypeError('a run that trains is scored after it');
    const notes = await evaluationNotes(run, plan, encoder.folder, documents);
    const began = performance.now();
    const model = await this.score(encoder.folder, notes, await learntRemarks(encoder.folder, notes.test));
    const scoreSeconds = (performance.now() - began) / 1000;
    const cost = { trainSeconds: 0, trainedTokens: 0, peakMemoryBytes: null, scoreSeconds };
    await this.finish(this.recordOf(model, notes, undefined, cost));
    return 'finished';
  }

  private score(model: string, notes: RunNotes, remarks: readonly string[]): Promise<ScoredModel> {
    const { plan, run, task } = this;
    if (notes.test.length === 0)
      throw new Error(`${run.id}: its split leaves no notes to score: more are needed`);
    const scoring = {
      id: run.id,
      corpus: path.basename(plan.corpus.path),
      model,
      notes,
      labels: run.kind === 'train' ? plan.training.labels : undefined,
      padding: plan.scoring?.padding ?? 'zero',
      remarks,
      device: task.device ?? 'auto',
      threads: task.threads,
    };
    const { id } = run;
    return scoreRun(this.folder, scoring, {
      signal: this.hooks.signal,
      onNote: (done, of) => this.hooks.onEvent({ type: 'scoring', id, done, of }),
      onNotice: (message) => void this.hooks.onEvent({ type: 'run', id, event: { type: 'notice', message } }),
    });
  }

  private recordOf(
    { task, device }: ScoredModel,
    notes: RunNotes,
    trained: FinishedRun | undefined,
    {
      trainSeconds,
      scoreSeconds,
      peakMemoryBytes,
      trainedTokens,
    }: RunCost & { readonly scoreSeconds: number },
  ): RunRecord {
    const { plan, run, encoder } = this;
    const { labels, scheme } = task;
    const result = (trained?.result ?? {}) as Partial<Pick<RunRecord, 'history' | 'bestEpoch'>>;
    const parts = { train: notes.train, validation: notes.validation, test: notes.test };
    return {
      format: 'anamnese-record',
      version: 1,
      id: run.id,
      encoder: { name: encoder.name, sha256: encoder.sha256 },
      strategy: run.kind === 'train' ? run.strategy : 'none',
      scheme,
      seed: run.seed,
      corpus: { name: path.basename(plan.corpus.path), sha256: plan.corpus.sha256 },
      split: { method: notes.method, sha256: notes.sha256, notes: partSizes(notes) },
      labels: [...labels],
      outputs: run.kind === 'train' ? outputLabels(labels, scheme) : [...task.outputs],
      labelNotes: Object.fromEntries(
        Object.entries(parts).map(([part, documents]) => [part, labelNotes(documents, labels)]),
      ),
      parameters: (trained?.settings.parameters ?? {}) as Record<string, unknown>,
      history: result.history ?? [],
      bestEpoch: result.bestEpoch ?? null,
      environment: environment(device, trained?.plan),
      cost: { trainSeconds, scoreSeconds, peakMemoryBytes, trainedTokens },
      finishedAt: new Date().toISOString(),
    };
  }

  private async finish(record: RunRecord): Promise<void> {
    await writeWholeFile(path.join(this.folder, RUN_FILES.record), JSON.stringify(record, null, 1) + '\n');
  }
}

/** Each note once, however often oversampling repeats it. */
function partSizes({ train, validation, test }: RunNotes): RunRecord['split']['notes'] {
  const size = (documents: readonly CorpusDocument[]): number => new Set(documents).size;
  return { train: size(train), validation: size(validation), test: size(test) };
}

function labelNotes(documents: readonly CorpusDocument[], labels: readonly string[]): number[] {
  const own = documents.map(({ annotations }) => [...new Set(annotations.map(({ label }) => label))]);
  return notesPerLabel(own, labels);
}
