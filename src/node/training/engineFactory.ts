import type { EncoderConfig } from '../../core/encoder/config';
import type { DeviceChoice, Runtime } from '../../core/ports';
import type { BatchSize } from '../../core/train/batches';
import type { DropoutRates, OptimiserOptions, TrainingEngine } from '../../core/train/engine';
import { devicePacks } from '../../core/train/engine/devicePacks';
import { DeviceParameters } from '../../core/train/engine/deviceParameters';
import { GraphCache } from '../../core/train/engine/graphCache';
import { HostParameters } from '../../core/train/engine/hostParameters';
import { LayerPlan } from '../../core/train/engine/layerPlan';
import { firstWeights } from '../../core/train/engine/newHead';
import { choosePlan } from '../../core/train/engine/planMemory';
import { SummedEmbeddings } from '../../core/train/engine/summedEmbeddings';
import { GraphTrainingEngine } from '../../core/train/engine/trainingEngine';
import { WholeGraphPlan } from '../../core/train/engine/wholeGraphPlan';
import { allStages, parametersOf } from '../../core/train/graphs/trainingGraph';
import type { MaskedLanguageEngine } from '../../core/train/maskedLanguageEngine';
import { TrainingError } from '../../core/train/trainingError';
import { openEncoderFolder } from '../encoderFolder';
import { DeviceError, onnxRuntime } from '../onnxRuntime';
import { memoryAtHand } from './memoryAtHand';
import { isOutOfMemory } from './outOfMemory';

export interface EngineOptions {
  readonly device: DeviceChoice;
  readonly optimiser: OptimiserOptions;
  /** Undefined takes those of config.json. */
  readonly dropout: DropoutRates | undefined;
  /** Of the first weights of a head that the checkpoint lacks. */
  readonly seed: number;
  /** By default the fastest that fits the memory at hand. */
  readonly plan?: TrainingEngine['plan'] | undefined;
  /** What the plan is chosen by; where it is not known, the plan is the fastest. */
  readonly largestBatch?: BatchSize | undefined;
  /** Bytes that may be taken, by default those at hand. */
  readonly memory?: number | undefined;
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

/**
 * Opens an encoder folder to train it.
 * @throws EncoderError when the folder cannot be used, naming the file and the reason; TrainingError for a device that
 * cannot train
 */
export async function createTrainingEngine(
  folder: string,
  options: TrainingEngineOptions,
): Promise<TrainingEngine> {
  const { optimiser, labels } = options;
  const device = trainingDevice(options.device);
  const { config: published, weights, close } = await openEncoderFolder(folder);
  try {
    const config = withDropout({ ...published, labels }, options.dropout);
    const read = firstWeights(config, weights, published.labels, options.seed);
    const embeddings = new SummedEmbeddings(config, read, optimiser);
    const { threads } = options;
    const runtime = options.runtime ?? onnxRuntime(threads === undefined ? {} : { threads });
    const graphs = new GraphCache({ runtime, device, resident: device !== 'cpu' });
    const planName = options.plan ?? planFor(config, device, options);
    const Plan = planName === 'whole-graph' ? WholeGraphPlan : LayerPlan;
    const packs = device === 'cpu' ? undefined : devicePacks(config, optimiser);
    const parameters = packs ?? allStages(config).flatMap((stage) => parametersOf(config, stage));
    const store = packs
      ? await onDevice(DeviceParameters.create(packs, read, optimiser, { runtime, device }))
      : new HostParameters(parameters, read, optimiser);
    const plan = new Plan({ config, store, graphs, graphOptions: { fused: device === 'cpu', packs } });
    const positiveWeights = options.positiveWeights ?? labels.map(() => 1);
    return new GraphTrainingEngine({
      config,
      optimiser,
      positiveWeights,
      embeddings,
      store,
      parameters,
      plan,
      planName,
    });
  } finally {
    close();
  }
}

function withDropout(config: EncoderConfig, rates: DropoutRates | undefined): EncoderConfig {
  if (!rates) return config;
  const { embeddings, attention, hidden, classifier } = rates;
  const common = { attentionDropout: attention, classifierDropout: classifier };
  return config.modelType === 'bert'
    ? { ...config, ...common, hiddenDropout: hidden }
    : { ...config, ...common, embeddingDropout: embeddings, mlpDropout: hidden };
}

/** Where training computes. @throws TrainingError for a device that it cannot use */
export function trainingDevice(choice: DeviceChoice): 'cpu' | 'webgpu' {
  if (choice === 'auto') return 'cpu';
  if (choice === 'cpu' || choice === 'webgpu') return choice;
  const advice = 'it runs on the CPU (cpu) and, by WebGPU, on any graphics processor (webgpu)';
  throw new TrainingError('settings', `the device ${choice} predicts but does not train: ${advice}`);
}

/** The same, where a device that is not there comes with advice. */
async function onDevice<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DeviceError) || isOutOfMemory(error)) throw error;
    throw new TrainingError(
      'settings',
      `${error.message}: give --device cpu where there is no graphics processor`,
    );
  }
}

/** The fastest plan whose largest batch fits. */
function planFor(
  config: EncoderConfig,
  device: 'cpu' | 'webgpu',
  { largestBatch, memory = memoryAtHand(device), optimiser }: TrainingEngineOptions,
): TrainingEngine['plan'] {
  if (!largestBatch) return 'whole-graph';
  return choosePlan(config, largestBatch, memory, optimiser.averageDecay !== undefined);
}

/** The same for masked language modelling. */
export async function createMaskedLanguageEngine(
  folder: string,
  options: EngineOptions,
): Promise<MaskedLanguageEngine> {
  throw new TrainingError('settings', `${folder} (${options.device}): pre-training is not built in`);
}
