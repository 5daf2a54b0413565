import type { EncoderConfig } from '../../core/encoder/config';
import { EncoderError } from '../../core/encoder/encoderError';
import type { WeightSpec } from '../../core/encoder/weightNames';
import { decoderBias, headWeights, predictionHeadWeights, wordVectors } from '../../core/encoder/weightNames';
import type { EncoderWeights } from '../../core/encoder/weights';
import type { DeviceChoice, Runtime } from '../../core/ports';
import { seededRng } from '../../core/random';
import type { DropoutRates, OptimiserOptions, TrainingEngine } from '../../core/train/engine';
import { DenseTable } from '../../core/train/engine/denseTable';
import { devicePacks } from '../../core/train/engine/devicePacks';
import { DeviceParameters } from '../../core/train/engine/deviceParameters';
import { GraphCache } from '../../core/train/engine/graphCache';
import type { EngineParts } from '../../core/train/engine/graphEngine';
import type { ReadWeight } from '../../core/train/engine/pieces';
import { HostParameters } from '../../core/train/engine/hostParameters';
import { LayerPlan } from '../../core/train/engine/layerPlan';
import { GraphMaskedLanguageEngine } from '../../core/train/engine/maskedLanguageEngine';
import { SummedEmbeddings } from '../../core/train/engine/summedEmbeddings';
import { TiedDecoder } from '../../core/train/engine/tiedDecoder';
import { GraphTrainingEngine } from '../../core/train/engine/trainingEngine';
import { WholeGraphPlan } from '../../core/train/engine/wholeGraphPlan';
import type { Head } from '../../core/train/graphs/head';
import { maskedLanguageHead, vocabularyBlocks } from '../../core/train/graphs/maskedLanguageHead';
import { allStages, parametersOf } from '../../core/train/graphs/trainingGraph';
import type { MaskedLanguageEngine } from '../../core/train/maskedLanguageEngine';
import { openEncoderFolder } from '../encoderFolder';
import { onnxRuntime } from '../onnxRuntime';

export interface EngineOptions {
  readonly device: DeviceChoice;
  readonly optimiser: OptimiserOptions;
  /** Undefined takes those of config.json. */
  readonly dropout: DropoutRates | undefined;
  /** Of the first weights of a head that the checkpoint lacks. */
  readonly seed: number;
  /** By default what fits the memory at hand. */
  readonly plan?: TrainingEngine['plan'] | undefined;
  readonly threads?: number | undefined;
  /** ONNX Runtime where none is given. */
  readonly runtime?: Runtime | undefined;
}

export interface TrainingEngineOptions extends EngineOptions {
  /** The outputs of the head. A checkpoint's own head is kept where it has these very outputs. */
  readonly labels: readonly string[];
  /** What a positive counts in the loss, [outputs]; undefined where all count 1. */
  readonly positiveWeights: readonly number[] | undefined;
}

export interface MaskedLanguageEngineOptions extends EngineOptions {
  /** Words of the vocabulary that are multiplied at a time, 8,192 by default. */
  readonly blockWords?: number | undefined;
}

/** No slower than one of 2,000 or of 50,000, and no buffer is too large for a graphics processor. */
const BLOCK_WORDS = 8192;

/**
 * Opens an encoder folder to train it.
 * @throws EncoderError when the folder cannot be used, naming the file and the reason
 */
export async function createTrainingEngine(
  folder: string,
  options: TrainingEngineOptions,
): Promise<TrainingEngine> {
  const { optimiser, labels } = options;
  const { config: published, weights, close } = await openEncoderFolder(folder);
  try {
    const config = withDropout({ ...published, labels }, options.dropout);
    const keepsHead = weights.hasHead && String(labels) === String(published.labels);
    const read = reader(weights, keepsHead ? [] : headWeights(config), options.seed);
    const embeddings = new SummedEmbeddings(config, read, optimiser);
    const positiveWeights = options.positiveWeights ?? labels.map(() => 1);
    const running = await runningParts({ config, read, options });
    return new GraphTrainingEngine({ config, optimiser, embeddings, ...running, positiveWeights });
  } finally {
    close();
  }
}

/**
 * The same for masked language modelling. Of the head, what the checkpoint has is kept.
 * @throws EncoderError when the folder cannot be used, naming the file and the reason
 */
export async function createMaskedLanguageEngine(
  folder: string,
  options: MaskedLanguageEngineOptions,
): Promise<MaskedLanguageEngine> {
  const { optimiser, blockWords = BLOCK_WORDS } = options;
  const { config: published, weights, close } = await openEncoderFolder(folder);
  try {
    const config = withDropout(published, options.dropout);
    requireTiedWords(config);
    const bias = decoderBias(config);
    const head = [...predictionHeadWeights(config), ...(bias ? [bias] : [])];
    const read = maskedHeadReader(config, weights, head, options.seed);
    const table = (spec: WeightSpec) => new DenseTable(spec, read(spec.name), optimiser);
    const words = table(wordVectors(config));
    const blocks = vocabularyBlocks(config.vocabSize, blockWords);
    const decoder = new TiedDecoder(words, bias && table(bias), blocks);
    const embeddings = new SummedEmbeddings(config, read, optimiser, words);
    const running = await runningParts({ config, read, options, head: maskedLanguageHead(blocks) });
    return new GraphMaskedLanguageEngine({ config, optimiser, embeddings, ...running, decoder });
  } finally {
    close();
  }
}

/** @throws EncoderError where the head has a matrix of its own, which no published encoder of these families has */
function requireTiedWords({ tiesWords }: EncoderConfig): void {
  if (tiesWords) return;
  const reason =
    'a masked language head with a matrix of its own (tie_word_embeddings: false) is not supported';
  throw new EncoderError('config.json', reason);
}

interface Running {
  readonly config: EncoderConfig;
  readonly read: ReadWeight;
  readonly options: EngineOptions;
  /** Token classification where none is given. */
  readonly head?: Head;
}

/** The weights of dense layers and norms where they live, and the plan that runs the graphs on them. */
async function runningParts({
  config,
  read,
  options,
  head,
}: Running): Promise<Pick<EngineParts, 'store' | 'plan' | 'planName'>> {
  const { optimiser, threads } = options;
  const device = options.device === 'auto' ? 'cpu' : options.device;
  const runtime = options.runtime ?? onnxRuntime(threads === undefined ? {} : { threads });
  const graphs = new GraphCache({ runtime, device, resident: device !== 'cpu' });
  const planName = options.plan ?? 'whole-graph';
  const Plan = planName === 'whole-graph' ? WholeGraphPlan : LayerPlan;
  const packs = device === 'cpu' ? undefined : devicePacks(config, optimiser, head);
  const store = packs
    ? await DeviceParameters.create(packs, read, optimiser, { runtime, device })
    : new HostParameters(
        allStages(config).flatMap((stage) => parametersOf(config, stage, head)),
        read,
        optimiser,
      );
  const graphOptions = { fused: device === 'cpu', packs, head };
  return { store, planName, plan: new Plan({ config, store, graphs, graphOptions }) };
}

/** Reads a checkpoint's weights, but for those that are made anew. */
function reader(weights: EncoderWeights, made: readonly WeightSpec[], seed: number): ReadWeight {
  const fresh = newWeights(made, seed);
  return (name) => fresh.get(name) ?? weights.float32(name);
}

/** Reads an encoder with those weights of its masked language head that it has; the others are made anew. */
function maskedHeadReader(
  config: EncoderConfig,
  weights: EncoderWeights,
  head: readonly WeightSpec[],
  seed: number,
): ReadWeight {
  const all = weights.including(config, head);
  const lacking = head.filter(({ name }) => !all.has(name));
  return reader(all, lacking, seed);
}

/** The standard deviation of new weights, as both families' configurations have it by default. */
const initializerRange = 0.02;

/** Weights that no checkpoint has: normal, biases zero, norms one. */
function newWeights(specs: readonly WeightSpec[], seed: number): Map<string, Float32Array> {
  const rng = seededRng(seed);
  const normal = () => initializerRange * Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const made = specs.map(({ name, shape }): [string, Float32Array] => {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    if (/norm\.weight$/i.test(name)) values.fill(1);
    else if (name.endsWith('.weight')) values.forEach((_, i) => (values[i] = normal()));
    return [name, values];
  });
  return new Map(made);
}

function withDropout(config: EncoderConfig, rates: DropoutRates | undefined): EncoderConfig {
  if (!rates) return config;
  const { embeddings, attention, hidden, classifier } = rates;
  const common = { attentionDropout: attention, classifierDropout: classifier };
  return config.modelType === 'bert'
    ? { ...config, ...common, hiddenDropout: hidden }
    : { ...config, ...common, embeddingDropout: embeddings, mlpDropout: hidden };
}
