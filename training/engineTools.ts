import { savedName } from '../src/core/encoder/weightNames';
import type { TokenTask } from '../src/core/evaluate/evaluation';
import { decisionFile, fitDecision } from '../src/core/train/decision';
import { fineTuningTask, trainingSettings } from '../src/core/train/fineTuning';
import type { HyperParameters } from '../src/core/train/hyperParameters';
import { presetParameters } from '../src/core/train/hyperParameters';
import { noteLogits } from '../src/core/train/noteLogits';
import { optimiserOptions } from '../src/core/train/optimiser';
import type { RunEvent } from '../src/core/train/runEvents';
import { loadEncoder } from '../src/node/encoder';
import type { BaseEncoder } from '../src/node/training/encoderFiles';
import { fingerprint, openBase } from '../src/node/training/encoderFiles';
import { createTrainingEngine } from '../src/node/training/engineFactory';
import { EngineStore } from '../src/node/training/engineState';
import { RunFolder } from '../src/node/training/runFolder';
import { runLoop } from '../src/node/training/runLoop';
import type { Recipe } from './recipe';
import type { FineTuning, RunTools } from './runTools';

/** The recipe's fine-tuning by the project's own engine and loop. */
export function engineTools(): RunTools {
  return {
    fineTune,
    async fitDecision(folder, validation, labels) {
      const base = await openBase(folder);
      const classifier = await loadEncoder(folder, { device: 'cpu' });
      const settings = trainingSettings(taskOf(labels), base.longestInput);
      const predictor = { classifier, tokenizer: base.tokenizer, settings };
      const logits = await noteLogits(validation, predictor);
      await classifier.dispose();
      const decision = fitDecision(logits, taskOf(labels), settings, {
        calibration: 'platt',
        thresholds: 'common',
      });
      return decisionFile(decision, taskOf(labels), settings.maxTokens);
    },
  };
}

async function fineTune(run: FineTuning): Promise<'finished' | 'stopped'> {
  const { recipe, folder, signal, say, device, labels } = run;
  const base = await openBase(run.encoder);
  const settings = { recipe, encoder: await fingerprint(run.encoder), labels, device };
  const files = await RunFolder.open(folder, settings);
  if (files.state?.finished) return 'finished';
  const engine = await createTrainingEngine(run.encoder, {
    device,
    labels,
    optimiser: optimiserOptions(parametersOf(recipe, base).optimiser, base.config.layers),
    dropout: recipe.dropout,
    positiveWeights: undefined,
    seed: recipe.seed,
  });
  try {
    const store = new EngineStore(engine);
    await files.restore(store);
    const task = keepingTask(run, base, store, engine);
    const ending = await runLoop(task, files, store, async () => {}, { signal, onEvent: report(say) });
    return ending.reason === 'stopped' ? 'stopped' : 'finished';
  } finally {
    await engine.dispose();
  }
}

/** Fine-tuning that keeps the weights of some epochs, while these are scored. */
function keepingTask(
  run: FineTuning,
  base: BaseEncoder,
  store: EngineStore,
  engine: Parameters<typeof fineTuningTask>[0]['engine'],
): ReturnType<typeof fineTuningTask> {
  let planned = -1;
  const task = fineTuningTask({
    engine,
    tokenizer: base.tokenizer,
    training: (epoch) => {
      planned = epoch;
      return run.documents(epoch);
    },
    validation: run.validation,
    task: taskOf(run.labels),
    parameters: parametersOf(run.recipe, base),
    longestInput: base.longestInput,
    seed: run.recipe.seed,
  });
  return {
    ...task,
    validate: async (signal) => {
      const file = run.keep.get(planned);
      if (file) await store.saveWeights(file, (name) => savedName(base.config.modelType, name));
      return task.validate!(signal);
    },
  };
}

function taskOf(labels: readonly string[]): TokenTask {
  return { labels, outputs: labels, scheme: 'IO', begin: 'first' };
}

/** The recipe in the terms of `anamnese train`. */
function parametersOf(recipe: Recipe, { config }: BaseEncoder): HyperParameters {
  const preset = presetParameters('default', config.hiddenSize);
  return {
    ...preset,
    epochs: recipe.epochs,
    minimumSteps: 0,
    learningRate: recipe.learningRate,
    warmUp: recipe.warmUp,
    optimiser: { ...preset.optimiser, ...recipe.optimiser },
    maxGradientNorm: recipe.maxGradientNorm,
    batching: { ...preset.batching, size: recipe.batchTokens, accumulate: recipe.accumulate },
    maxLength: recipe.maxLength,
    dropout: recipe.dropout,
    checkpointSteps: 200,
  };
}

/** Progress in lines: an epoch each, and where a long one stands. */
function report(say: (line: string) => void): (event: RunEvent) => void {
  const started = performance.now();
  let tokens = 0;
  return (event) => {
    if (event.type === 'step') {
      tokens += event.tokens;
      if (event.step % 50 !== 49) return;
      const minutes = (performance.now() - started) / 60_000;
      const left = minutes / Math.max(event.progress, 1e-6) - minutes;
      const speed = Math.round(tokens / minutes / 60);
      say(
        `epoch ${event.epoch + 1}/${event.epochs} · step ${event.step + 1}/${event.steps} · loss ${event.loss.toFixed(4)}` +
          ` · ${speed} tokens/s · about ${Math.ceil(left)} min left`,
      );
    }
    if (event.type === 'epoch') {
      const { validation } = event;
      const scores = validation ? ` · validation micro F1 ${validation.microF1.toFixed(4)}` : '';
      say(`epoch ${event.epoch + 1}/${event.epochs} · loss ${event.loss.toFixed(4)}${scores}`);
    }
  };
}
