import { savedName } from '../src/core/encoder/weightNames';
import type { TokenTask } from '../src/core/evaluate/tokenRows';
import { outputLabels } from '../src/core/labels/tokenTargets';
import { decisionFile, fitDecision } from '../src/core/train/decision/decision';
import type { TrainingEngine, TrainingExample } from '../src/core/train/engine';
import { fineTuningTask, trainingSettings } from '../src/core/train/loop/fineTuning';
import type { HyperParameters } from '../src/core/train/settings/hyperParameters';
import { presetParameters } from '../src/core/train/settings/hyperParameters';
import type { LearningTask } from '../src/core/train/loop/learn';
import { learn } from '../src/core/train/loop/learn';
import type { CheckpointEvent } from '../src/core/train/loop/learningEvents';
import { noteLogits } from '../src/core/train/decision/noteLogits';
import { optimiserOptions } from '../src/core/train/settings/optimiser';
import type { RunEvent } from '../src/core/train/loop/runEvents';
import { Progress } from '../src/cli/training/progress';
import { loadEncoder } from '../src/node/encoder';
import { sha256 } from '../src/node/sha256';
import type { BaseEncoder } from '../src/node/training/encoderFiles';
import { fingerprint, openBase } from '../src/node/training/encoderFiles';
import { createTrainingEngine } from '../src/node/training/engineFactory';
import { EngineStore } from '../src/node/training/engineState';
import type { ClosableClassifier } from '../src/node/training/fineTune';
import { RunFolder } from '../src/node/training/runFolder';
import type { Recipe } from './recipe';
import type { FineTuning, RunTools } from './runTools';

/** Between two checkpoints, in milliseconds: each is four times the weights. */
const CHECKPOINTS_APART = 180_000;

export interface EngineParts {
  readonly createEngine: typeof createTrainingEngine;
  readonly openClassifier: (folder: string) => Promise<ClosableClassifier>;
}

const product: EngineParts = {
  createEngine: createTrainingEngine,
  // What the CPU does by default is what thresholds have to fit.
  openClassifier: (folder) => loadEncoder(folder, { device: 'cpu', precision: 'int8' }),
};

/** The recipe's fine-tuning by the project's own engine and loop. */
export function engineTools({ createEngine, openClassifier }: EngineParts = product): RunTools {
  return {
    fineTune: (run) => fineTune(run, createEngine),
    fitDecision: async (folder, validation, labels) => {
      const { tokenizer, longestInput } = await openBase(folder);
      const classifier = await openClassifier(folder);
      try {
        const task = taskOf(labels);
        const settings = trainingSettings(task, longestInput);
        const notes = await noteLogits(validation, { classifier, tokenizer, settings });
        const decision = fitDecision(notes, task, settings, { calibration: 'platt', thresholds: 'common' });
        return decisionFile(decision, task, settings.maxTokens);
      } finally {
        await classifier.dispose();
      }
    },
  };
}

async function fineTune(
  run: FineTuning,
  createEngine: typeof createTrainingEngine,
): Promise<'finished' | 'stopped'> {
  const base = await openBase(run.encoder);
  const parameters = parametersOf(run.recipe, base.config.hiddenSize);
  const folder = await RunFolder.open(run.folder, await settingsOf(run, parameters));
  try {
    if (folder.state?.finished) return 'finished';
    return await learnFrom(folder, run, base, parameters, createEngine);
  } finally {
    await folder.close();
  }
}

async function learnFrom(
  folder: RunFolder,
  run: FineTuning,
  base: BaseEncoder,
  parameters: HyperParameters,
  createEngine: typeof createTrainingEngine,
): Promise<'finished' | 'stopped'> {
  const engine = await createEngine(run.encoder, {
    device: run.device,
    labels: run.labels,
    optimiser: optimiserOptions(parameters.optimiser, base.config.layers),
    dropout: run.recipe.dropout,
    positiveWeights: undefined,
    seed: run.recipe.seed,
    plan: 'whole-graph',
  });
  try {
    const store = new EngineStore(engine);
    await folder.restore(store);
    return await learnEpochs(run, folder, store, learningTask(run, base, parameters, engine), engine.plan);
  } finally {
    await engine.dispose();
  }
}

function learningTask(
  { documents, validation, labels, recipe: { seed } }: FineTuning,
  base: BaseEncoder,
  parameters: HyperParameters,
  engine: TrainingEngine,
): LearningTask<TrainingExample> {
  const { tokenizer, longestInput } = base;
  const task = taskOf(labels);
  return fineTuningTask({
    engine,
    tokenizer,
    training: documents,
    validation,
    task,
    parameters,
    longestInput,
    seed,
  });
}

async function learnEpochs(
  run: FineTuning,
  folder: RunFolder,
  store: EngineStore,
  task: LearningTask<TrainingExample>,
  plan: string,
): Promise<'finished' | 'stopped'> {
  const progress = new Progress({ write: (text) => run.say(text.trimEnd()) }, () => performance.now());
  progress.show(startedEvent(run, folder, plan));
  let savedAt = performance.now();
  for await (const event of learn(task, folder.state, run.signal)) {
    if (event.type === 'finished') return event.reason === 'stopped' ? 'stopped' : 'finished';
    if (event.type !== 'checkpoint') progress.show(event);
    else if (isDue(event, run) || performance.now() - savedAt > CHECKPOINTS_APART) {
      await save(event, run, folder, store);
      savedAt = performance.now();
    }
    // The engine blocks the thread: between two steps, Ctrl-C has its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the loop ended without saying how');
}

/** Whoever stops a run, and an epoch whose weights are kept, waits for no other. */
function isDue({ reason, state }: CheckpointEvent, { keep }: FineTuning): boolean {
  return reason === 'stopped' || state.finished !== null || (reason === 'epoch' && keep.has(state.epoch - 1));
}

async function save(
  { reason, state }: CheckpointEvent,
  { keep }: FineTuning,
  folder: RunFolder,
  store: EngineStore,
): Promise<void> {
  const file = reason === 'epoch' ? keep.get(state.epoch - 1) : undefined;
  if (file !== undefined) await store.saveWeights(file, (name) => savedName('bert', name));
  await folder.save(state, store);
}

function startedEvent(
  { encoder, labels, recipe, ...run }: FineTuning,
  folder: RunFolder,
  plan: string,
): RunEvent {
  const { state } = folder;
  return {
    type: 'started',
    encoder,
    notes: { training: run.documents(0).length, validation: run.validation.length, test: 0 },
    outputs: labels,
    epochs: recipe.epochs,
    device: run.device,
    plan,
    resumedAt: state && { epoch: state.epoch, step: state.step },
  };
}

function taskOf(labels: readonly string[]): TokenTask {
  return { labels, outputs: outputLabels(labels, 'IO'), scheme: 'IO', begin: 'first', activation: 'sigmoid' };
}

function parametersOf(recipe: Recipe, hiddenSize: number): HyperParameters {
  const { epochs, learningRate, warmUp, maxGradientNorm, maxLength, dropout } = recipe;
  const preset = presetParameters('default', hiddenSize);
  return {
    ...preset,
    ...{ epochs, learningRate, warmUp, maxGradientNorm, maxLength, dropout },
    minimumSteps: 0,
    optimiser: { ...preset.optimiser, ...recipe.optimiser },
    batching: { by: 'tokens', size: recipe.batchTokens, accumulate: recipe.accumulate, buckets: 'epoch' },
    patience: null,
  };
}

/** Everything that decides what the run computes. */
async function settingsOf(
  { encoder, recipe, documents, validation, labels }: FineTuning,
  parameters: HyperParameters,
): Promise<Record<string, unknown>> {
  const hash = (notes: unknown): string => sha256(JSON.stringify(notes));
  return {
    task: 'train:default',
    encoder: { sha256: await fingerprint(encoder) },
    // The first epoch depends on the notes, the lexicon and the generator.
    notes: { sha256: hash([documents(0), validation]) },
    labels,
    recipe,
    parameters,
  };
}
