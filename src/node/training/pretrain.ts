import path from 'node:path';
import { version } from '../../../package.json';
import { architectureOf, savedConfig } from '../../core/encoder/savedConfig';
import { savedName } from '../../core/encoder/weightNames';
import { specialTokens } from '../../core/tokenize/vocabulary';
import type { BatchSize } from '../../core/train/data/batches';
import { largestBatch } from '../../core/train/data/batches';
import type { PretrainingParameters } from '../../core/train/settings/hyperParameters';
import type { PretrainJob } from '../../core/train/settings/jobs';
import type { LearningState } from '../../core/train/loop/learningEvents';
import { optimiserOptions } from '../../core/train/settings/optimiser';
import { pretrainParameters } from '../../core/train/settings/overrides';
import { pretrainingTask } from '../../core/train/loop/pretraining';
import type { RunResult } from '../../core/train/loop/runEvents';
import type { TokenizedText } from '../../core/train/data/tokenizedNote';
import { tokenizeText } from '../../core/train/data/tokenizedNote';
import { TrainingError } from '../../core/train/trainingError';
import { readCorpusFolder } from '../corpusFolder';
import { sha256 } from '../sha256';
import { writeDurably } from './durable';
import type { BaseEncoder } from './encoderFiles';
import { fingerprint, openBase } from './encoderFiles';
import { createMaskedLanguageEngine } from './engineFactory';
import { EngineStore } from './engineState';
import { pretrainedCard } from './pretrainedCard';
import { placeResult, writeEncoderFolder } from './resultFolder';
import { RunFolder } from './runFolder';
import { assumedMemory } from './memoryAtHand';
import { advised } from './outOfMemory';
import type { LoopHooks } from './runLoop';
import { openOptions, planFor, runLoop } from './runLoop';
import { trainingDevice } from './runningParts';

export interface PretrainHooks extends LoopHooks {
  readonly createEngine?: typeof createMaskedLanguageEngine | undefined;
}

interface Prepared {
  readonly job: PretrainJob;
  readonly base: BaseEncoder;
  readonly texts: readonly string[];
  readonly parameters: PretrainingParameters;
  /** Of the encoder and of the texts. */
  readonly hashes: { readonly encoder: string; readonly texts: string };
}

/**
 * Goes on with an encoder's masked language modelling on unlabelled texts and writes the result as a Hugging Face
 * folder, ready to be fine-tuned; takes up an unfinished run of the same settings.
 * @throws TrainingError, EncoderError or Error with a message for the person who asked
 */
export async function pretrain(job: PretrainJob, hooks: PretrainHooks): Promise<RunResult> {
  trainingDevice(job.device);
  const base = await openBase(job.encoder);
  if (base.doubt) await hooks.onEvent({ type: 'notice', message: `${base.name}: ${base.doubt}` });
  const parameters = pretrainParameters(job, base.config);
  const texts = await readTexts(job, hooks);
  const hashes = { encoder: await fingerprint(job.encoder), texts: sha256(JSON.stringify(texts)) };
  const prepared = { job, base, parameters, texts, hashes };
  const settings = {
    task: 'pretrain',
    encoder: { name: base.name, sha256: hashes.encoder },
    texts: { name: nameOf(job), sha256: hashes.texts },
    seed: job.seed,
    parameters,
  };
  const run = await RunFolder.open(job.out, settings, openOptions(job, hooks));
  try {
    return await carryOut(prepared, run, hooks);
  } finally {
    await run.close();
  }
}

async function carryOut(prepared: Prepared, run: RunFolder, hooks: PretrainHooks): Promise<RunResult> {
  const { job } = prepared;
  const { reason, state } = await advised(learnTexts(prepared, run, hooks), () => run.plan ?? job.plan);
  if (reason === 'stopped') return { type: 'result', reason, out: job.out, bestEpoch: null, scores: {} };
  await writeResult(prepared, run, state);
  return { type: 'result', reason, out: job.out, bestEpoch: null, scores: {} };
}

const nameOf = ({ texts }: PretrainJob): string => path.basename(path.resolve(texts));

/** Each text once, in the order of the files. */
async function readTexts({ texts }: PretrainJob, hooks: PretrainHooks): Promise<readonly string[]> {
  const { documents, problems } = await readCorpusFolder(texts);
  // That a note has no annotations is what pre-training wants.
  for (const problem of problems)
    if (problem.severity === 'error') await hooks.onEvent({ type: 'problem', problem });
  const found = [...new Set(documents.map(({ text }) => text))];
  if (found.length === 0) throw new TrainingError('settings', `${texts}: holds no texts`);
  return found;
}

async function learnTexts(
  { job, base, parameters, ...prepared }: Prepared,
  run: RunFolder,
  hooks: PretrainHooks,
) {
  if (run.state?.finished) return { reason: run.state.finished, state: run.state } as const;
  const { config, tokenizer, tokenizerFiles, longestInput } = base;
  const texts = prepared.texts.map((text) => tokenizeText(text, tokenizer));
  const vocabulary = { ...specialTokens(tokenizerFiles), size: config.vocabSize };
  const device = trainingDevice(job.device);
  const plan = await planFor(job, run, hooks);
  const engine = await (hooks.createEngine ?? createMaskedLanguageEngine)(job.encoder, {
    device: job.device,
    optimiser: optimiserOptions(parameters.optimiser, config.layers),
    dropout: undefined,
    seed: job.seed,
    plan: plan ?? { largestBatch: largestOf(texts, parameters, longestInput) },
    memory: job.memory,
    threads: job.threads,
  });
  try {
    await run.setPlan(engine.plan);
    const { seed } = job;
    const task = pretrainingTask({ engine, vocabulary, texts, parameters, longestInput, seed });
    const store = new EngineStore(engine);
    await run.restore(store);
    await hooks.onEvent({
      type: 'started',
      encoder: base.name,
      notes: { training: texts.length, validation: 0, test: 0 },
      outputs: [],
      epochs: task.epochs,
      device,
      plan: engine.plan,
      assumedMemory: assumedMemory(device, plan, job.memory),
      resumedAt: run.state && { epoch: run.state.epoch, step: run.state.step },
    });
    const saveBest = (file: string): Promise<void> =>
      store.saveWeights(file, (name) => savedName(config.modelType, name));
    return await runLoop(task, run, store, saveBest, hooks);
  } finally {
    await engine.dispose();
  }
}

function largestOf(
  texts: readonly TokenizedText[],
  { batching, maxLength, masked }: PretrainingParameters,
  longestInput: number,
): BatchSize {
  const largest = largestBatch(texts, batching, Math.min(maxLength, longestInput), null);
  return { ...largest, guesses: Math.ceil(masked * largest.tokens) };
}

async function writeResult(prepared: Prepared, run: RunFolder, state: LearningState): Promise<void> {
  const { base } = prepared;
  const { modelType } = base.config;
  const architecture = architectureOf(modelType, 'MaskedLM');
  const config = savedConfig(base.configText, modelType, {
    architecture,
    outputs: undefined,
    dropout: undefined,
  });
  await placeResult(run, async (folder) => {
    await writeEncoderFolder(folder, base, run.bestWeights(state), config);
    await writeDurably(path.join(folder, 'README.md'), cardOf(prepared, state));
    return { reason: state.finished, history: state.history };
  });
}

function cardOf({ job, base, texts, hashes, parameters }: Prepared, state: LearningState): string {
  return pretrainedCard({
    encoder: { name: base.name, sha256: hashes.encoder },
    texts: { name: nameOf(job), sha256: hashes.texts, count: texts.length },
    seed: job.seed,
    parameters,
    state,
    version,
  });
}
