import path from 'node:path';
import { version } from '../../../package.json';
import type { ReadResult } from '../../core/corpus/document';
import { architectureOf, savedConfig } from '../../core/encoder/savedConfig';
import { savedName } from '../../core/encoder/weightNames';
import type { TokenTask } from '../../core/evaluate/tokenRows';
import { outputLabels } from '../../core/labels/tokenTargets';
import type { TokenClassifier } from '../../core/ports';
import { largestBatch, textsApart } from '../../core/train/data/batches';
import type { TrainingEngine } from '../../core/train/engine';
import { decisionFile, fitDecision } from '../../core/train/decision/decision';
import type { NoteTokenizer } from '../../core/train/loop/fineTuning';
import { fineTuningTask, noteTokenizer, trainingSettings } from '../../core/train/loop/fineTuning';
import type { HyperParameters } from '../../core/train/settings/hyperParameters';
import type { FineTuneJob } from '../../core/train/settings/jobs';
import type { LearningState } from '../../core/train/loop/learningEvents';
import { noteLogits } from '../../core/train/decision/noteLogits';
import { optimiserOptions } from '../../core/train/settings/optimiser';
import { fineTuneParameters } from '../../core/train/settings/overrides';
import type { RunResult } from '../../core/train/loop/runEvents';
import { balanceRemarks } from '../../core/train/balance/remarks';
import type { Balanced } from '../../core/train/balance/strategy';
import { balancedBySeed } from '../../core/train/balance/strategy';
import { TrainingError } from '../../core/train/trainingError';
import { loadEncoder } from '../encoder';
import { onnxRuntime } from '../onnxRuntime';
import { replaceFile, writeDurably } from './durable';
import type { BaseEncoder } from './encoderFiles';
import { fingerprint, openBase } from './encoderFiles';
import type { TrainingEngineOptions } from './engineFactory';
import { createTrainingEngine } from './engineFactory';
import { EngineStore } from './engineState';
import { partScores } from './finalScores';
import { modelCard } from './modelCard';
import { placeResult, writeEncoderFolder, writeOnnx } from './resultFolder';
import { RunFolder } from './runFolder';
import { assumedMemory } from './memoryAtHand';
import { advised } from './outOfMemory';
import type { LoopHooks } from './runLoop';
import { openOptions, planFor, runLoop } from './runLoop';
import { trainingDevice } from './runningParts';
import type { TrainingNotes } from './trainingNotes';
import { notesHash, readTrainingNotes, splitHash } from './trainingNotes';

export interface FineTuneHooks extends LoopHooks {
  readonly createEngine?: typeof createTrainingEngine | undefined;
  /** Opens the finished folder to calibrate and score it; by default in single precision. */
  readonly openClassifier?: ((folder: string, job: FineTuneJob) => Promise<ClosableClassifier>) | undefined;
  /** Whether the result has a `model.onnx` too, which takes as much room as its weights; by default it has. */
  readonly onnx?: boolean | undefined;
  /** The job's corpus where it has been read; by default it is read from its place. */
  readonly corpus?: ReadResult | undefined;
}

export interface ClosableClassifier extends TokenClassifier {
  dispose(): Promise<void>;
}

/** What a run is about, before an engine is made. */
interface Prepared {
  readonly job: FineTuneJob;
  readonly base: BaseEncoder;
  readonly notes: TrainingNotes;
  readonly parameters: HyperParameters;
  readonly task: TokenTask;
}

/**
 * Fine-tunes an encoder on a corpus and writes the result as a Hugging Face folder; takes up an unfinished run of the
 * same settings.
 * @throws TrainingError, EncoderError or Error with a message for the person who asked
 */
export async function fineTune(job: FineTuneJob, hooks: FineTuneHooks): Promise<RunResult> {
  const prepared = await prepare(job, hooks);
  const run = await openRun(prepared, hooks);
  try {
    return await carryOut(prepared, run, hooks);
  } finally {
    await run.close();
  }
}

async function carryOut(prepared: Prepared, run: RunFolder, hooks: FineTuneHooks): Promise<RunResult> {
  const { job } = prepared;
  const plan = () => run.plan ?? job.plan;
  const finished = await advised(trainEngine(prepared, run, hooks), plan);
  if (finished.reason === 'stopped') return resultOf(prepared, finished.state, 'stopped', {});
  try {
    return await advised(finish(prepared, run, finished.state, hooks), plan);
  } catch (error) {
    if (hooks.signal?.aborted) return resultOf(prepared, finished.state, 'stopped', {});
    throw error;
  }
}

async function prepare(job: FineTuneJob, hooks: FineTuneHooks): Promise<Prepared> {
  trainingDevice(job.device);
  const base = await openBase(job.encoder);
  if (base.doubt) await hooks.onEvent({ type: 'notice', message: `${base.name}: ${base.doubt}` });
  const parameters = fineTuneParameters(job, base.config);
  checkPadding(parameters, base);
  const notes = await readTrainingNotes(job, hooks.corpus);
  for (const problem of notes.problems) await hooks.onEvent({ type: 'problem', problem });
  const { labels } = notes;
  const outputs = outputLabels(labels, job.scheme);
  return {
    job,
    base,
    notes,
    parameters,
    task: { labels, outputs, scheme: job.scheme, begin: parameters.begin, activation: 'sigmoid' },
  };
}

/** @throws TrainingError where texts would be padded to more than the encoder reads */
function checkPadding({ padTo }: HyperParameters, { config, name }: BaseEncoder): void {
  if (padTo === null || padTo <= config.maxPositions) return;
  const reason = `${name} reads ${config.maxPositions} tokens at most`;
  throw new TrainingError('settings', `--pad-to ${padTo}: ${reason}`);
}

async function openRun(
  { job, base, notes, parameters, task }: Prepared,
  hooks: FineTuneHooks,
): Promise<RunFolder> {
  const { training, validation, test } = notes;
  const run = await RunFolder.open(
    job.out,
    {
      task: 'train',
      encoder: { name: base.name, sha256: await fingerprint(job.encoder) },
      corpus: {
        name: path.basename(path.resolve(job.corpus)),
        sha256: notesHash([...training, ...validation]),
      },
      split: { sha256: splitHash(notes.split), notes: counts(training, validation, test) },
      preset: job.preset,
      strategy: job.strategy,
      scheme: job.scheme,
      outputs: task.outputs,
      seed: job.seed,
      parameters,
    },
    openOptions(job, hooks),
  );
  await replaceFile(path.join(run.folder, 'split.json'), JSON.stringify(notes.split, null, 1) + '\n');
  return run;
}

async function trainEngine(prepared: Prepared, run: RunFolder, hooks: FineTuneHooks) {
  const { job, base, notes, parameters, task } = prepared;
  if (run.state?.finished) return { reason: run.state.finished, state: run.state } as const;
  const balanced = await balancedNotes(prepared, run, hooks);
  const tokenize = noteTokenizer(base.tokenizer, task);
  const device = trainingDevice(job.device);
  const plan = await planFor(job, run, hooks);
  const options = engineOptions(prepared, plan, balanced, tokenize);
  const engine = await (hooks.createEngine ?? createTrainingEngine)(job.encoder, options);
  try {
    await run.setPlan(engine.plan);
    const learning = fineTuningTask({
      engine,
      tokenizer: base.tokenizer,
      tokenize,
      training: balanced.documents,
      validation: notes.validation,
      task,
      parameters,
      longestInput: base.longestInput,
      seed: job.seed,
    });
    const store = new EngineStore(engine);
    await run.restore(store);
    await hooks.onEvent({
      type: 'started',
      encoder: base.name,
      notes: counts(balanced.documents, notes.validation, notes.test),
      outputs: task.outputs,
      epochs: learning.epochs,
      device,
      plan: engine.plan,
      assumedMemory: assumedMemory(device, plan, job.memory),
      resumedAt: run.state && { epoch: run.state.epoch, step: run.state.step },
    });
    const { modelType } = base.config;
    const saveBest = (file: string): Promise<void> =>
      store.saveWeights(file, (name) => savedName(modelType, name));
    return await runLoop(learning, run, store, saveBest, hooks);
  } finally {
    await engine.dispose();
  }
}

/** The training notes as the strategy against imbalance has them. What is remarkable is told once. */
async function balancedNotes(
  { job, notes, parameters, task }: Prepared,
  run: RunFolder,
  hooks: FineTuneHooks,
): Promise<Balanced> {
  const { oversampling, weights } = parameters;
  const options = { labels: task.labels, scheme: job.scheme, oversampling, weights };
  const balanced = balancedBySeed(notes.training, job, options);
  if (run.state) return balanced;
  for (const message of balanceRemarks(notes.training, task.labels, job.strategy, balanced, weights))
    await hooks.onEvent({ type: 'notice', message });
  return balanced;
}

function engineOptions(
  { job, base, parameters, task }: Prepared,
  plan: TrainingEngine['plan'] | undefined,
  { documents, positiveWeights }: Balanced,
  tokenize: NoteTokenizer,
): TrainingEngineOptions {
  const { batching, maxLength, padTo, optimiser, dropout } = parameters;
  const apart = textsApart(parameters, trainingDevice(job.device));
  const longest = Math.min(maxLength, base.longestInput);
  return {
    device: job.device,
    labels: task.outputs,
    optimiser: optimiserOptions(optimiser, base.config.layers),
    dropout: dropout === 'config' ? undefined : dropout,
    positiveWeights,
    seed: job.seed,
    plan: plan ?? { largestBatch: largestBatch(documents.map(tokenize), batching, longest, padTo, apart) },
    memory: job.memory,
    threads: job.threads,
    textsApart: apart,
  };
}

/** Calibrates, scores and writes the folder. Everything comes from the disk, so it can be done again at any time. */
async function finish(
  prepared: Prepared,
  run: RunFolder,
  state: LearningState,
  hooks: FineTuneHooks,
): Promise<RunResult> {
  const { job, base, notes, parameters, task } = prepared;
  const dropout = parameters.dropout === 'config' ? undefined : parameters.dropout;
  const { modelType } = base.config;
  const architecture = architectureOf(modelType, 'TokenClassification');
  const config = savedConfig(base.configText, modelType, { architecture, outputs: task.outputs, dropout });
  let result = resultOf(prepared, state, state.finished!, {});
  await placeResult(run, async (folder) => {
    await writeEncoderFolder(folder, base, run.bestWeights(state), config);
    const onnx = hooks.onnx !== false;
    if (onnx) await writeOnnx(folder, config);
    const scores = await calibrateAndScore(folder, prepared, hooks);
    const card = modelCard({
      job,
      encoder: base.name,
      corpus: path.basename(path.resolve(job.corpus)),
      outputs: task.outputs,
      parameters,
      notes: counts(notes.training, notes.validation, notes.test),
      splitHash: splitHash(notes.split),
      state,
      scores,
      onnx,
      version,
    });
    await writeDurably(path.join(folder, 'README.md'), card);
    result = { ...result, scores };
    return { reason: result.reason, bestEpoch: result.bestEpoch, scores, history: state.history };
  });
  return result;
}

/** Writes anamnese.json for the folder's encoder. */
async function calibrateAndScore(
  folder: string,
  { job, base, notes, parameters, task }: Prepared,
  hooks: FineTuneHooks,
): Promise<RunResult['scores']> {
  const classifier = await (hooks.openClassifier ?? openTrained)(folder, job);
  try {
    const settings = trainingSettings(task, base.longestInput);
    const predictor = { classifier, tokenizer: base.tokenizer, settings };
    const validation = await noteLogits(notes.validation, predictor, hooks.signal);
    const test = await noteLogits(notes.test, predictor, hooks.signal);
    const decision = fitDecision(validation, task, settings, parameters);
    const json = decisionFile(decision, task, settings.maxTokens);
    await writeDurably(path.join(folder, 'anamnese.json'), JSON.stringify(json, null, 2) + '\n');
    const scored = (part: typeof test) => partScores(part, task, settings.decoding, decision);
    return {
      ...(validation.length > 0 ? { validation: scored(validation) } : {}),
      ...(test.length > 0 ? { test: scored(test) } : {}),
    };
  } finally {
    await classifier.dispose();
  }
}

function openTrained(folder: string, { device, threads }: FineTuneJob): Promise<ClosableClassifier> {
  const runtime = onnxRuntime(threads === undefined ? {} : { threads });
  return loadEncoder(folder, { device, precision: 'fp32', runtime });
}

function resultOf(
  { job }: Prepared,
  { best }: LearningState,
  reason: RunResult['reason'],
  scores: RunResult['scores'],
): RunResult {
  return { type: 'result', reason, out: job.out, bestEpoch: best?.validation ? best.epoch : null, scores };
}

type Parts = { readonly training: number; readonly validation: number; readonly test: number };

function counts(...parts: readonly [readonly unknown[], readonly unknown[], readonly unknown[]]): Parts {
  const [training, validation, test] = parts.map(({ length }) => length) as [number, number, number];
  return { training, validation, test };
}
