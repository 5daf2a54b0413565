import type { EncoderConfig } from '../../core/encoder/config';
import { headWeights } from '../../core/encoder/weightNames';
import type { DeviceChoice, Runtime } from '../../core/ports';
import { seededRng } from '../../core/random';
import type { DropoutRates, OptimiserOptions, TrainingEngine } from '../../core/train/engine';
import { devicePacks } from '../../core/train/engine/devicePacks';
import { DeviceParameters } from '../../core/train/engine/deviceParameters';
import { GraphCache } from '../../core/train/engine/graphCache';
import type { ReadWeight } from '../../core/train/engine/pieces';
import { HostParameters } from '../../core/train/engine/hostParameters';
import { LayerPlan } from '../../core/train/engine/layerPlan';
import { SummedEmbeddings } from '../../core/train/engine/summedEmbeddings';
import { GraphTrainingEngine } from '../../core/train/engine/trainingEngine';
import { WholeGraphPlan } from '../../core/train/engine/wholeGraphPlan';
import { allStages, parametersOf } from '../../core/train/graphs/trainingGraph';
import type { MaskedLanguageEngine } from '../../core/train/maskedLanguageEngine';
import { TrainingError } from '../../core/train/trainingError';
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

/**
 * Opens an encoder folder to train it.
 * @throws EncoderError when the folder cannot be used, naming the file and the reason
 */
export async function createTrainingEngine(
  folder: string,
  options: TrainingEngineOptions,
): Promise<TrainingEngine> {
  const { optimiser, labels } = options;
  const device = options.device === 'auto' ? 'cpu' : options.device;
  const { config: published, weights, close } = await openEncoderFolder(folder);
  try {
    const config = withDropout({ ...published, labels }, options.dropout);
    const keepsHead = weights.hasHead && String(labels) === String(published.labels);
    const fresh = keepsHead ? new Map<string, Float32Array>() : newHead(config, options.seed);
    const read: ReadWeight = (name) => fresh.get(name) ?? weights.float32(name);
    const embeddings = new SummedEmbeddings(config, read, optimiser);
    const { threads } = options;
    const runtime = options.runtime ?? onnxRuntime(threads === undefined ? {} : { threads });
    const graphs = new GraphCache({ runtime, device, resident: device !== 'cpu' });
    const planName = options.plan ?? 'whole-graph';
    const Plan = planName === 'whole-graph' ? WholeGraphPlan : LayerPlan;
    const packs = device === 'cpu' ? undefined : devicePacks(config, optimiser);
    const store = packs
      ? await DeviceParameters.create(packs, read, optimiser, { runtime, device })
      : new HostParameters(
          allStages(config).flatMap((stage) => parametersOf(config, stage)),
          read,
          optimiser,
        );
    const plan = new Plan({ config, store, graphs, graphOptions: { fused: device === 'cpu', packs } });
    const positiveWeights = options.positiveWeights ?? labels.map(() => 1);
    return new GraphTrainingEngine({ config, optimiser, positiveWeights, embeddings, store, plan, planName });
  } finally {
    close();
  }
}

/** The standard deviation of new weights, as both families' configurations have it by default. */
const initializerRange = 0.02;

/** Weights of a new head: normal, biases zero, norms one. */
function newHead(config: EncoderConfig, seed: number): Map<string, Float32Array> {
  const rng = seededRng(seed);
  const normal = () => initializerRange * Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const made = headWeights(config).map(({ name, shape }): [string, Float32Array] => {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    if (name.endsWith('norm.weight')) values.fill(1);
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

/** The same for masked language modelling. */
export async function createMaskedLanguageEngine(
  folder: string,
  options: EngineOptions,
): Promise<MaskedLanguageEngine> {
  throw new TrainingError('settings', `${folder} (${options.device}): pre-training is not built in`);
}
