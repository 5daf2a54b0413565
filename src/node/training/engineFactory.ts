import type { EncoderConfig } from '../../core/encoder/config';
import { EncoderError } from '../../core/encoder/encoderError';
import type { WeightSpec } from '../../core/encoder/weightNames';
import { decoderBias, wordVectors } from '../../core/encoder/weightNames';
import type { DropoutRates, TrainingEngine } from '../../core/train/engine';
import { DenseTable } from '../../core/train/engine/tables/denseTable';
import { GraphMaskedLanguageEngine } from '../../core/train/engine/maskedLanguageEngine';
import { firstMaskedWeights, firstWeights } from '../../core/train/engine/newHead';
import { SummedEmbeddings } from '../../core/train/engine/tables/summedEmbeddings';
import { TiedDecoder } from '../../core/train/engine/tables/tiedDecoder';
import { GraphTrainingEngine } from '../../core/train/engine/trainingEngine';
import { maskedLanguageHead, vocabularyBlocks } from '../../core/train/graphs/maskedLanguageHead';
import type { MaskedLanguageEngine } from '../../core/train/maskedLanguageEngine';
import { openEncoderFolder } from '../encoderFolder';
import type { RunningOptions } from './runningParts';
import { runningParts, trainingDevice } from './runningParts';

export interface EngineOptions extends RunningOptions {
  /** Undefined takes those of config.json. */
  readonly dropout: DropoutRates | undefined;
  /** Of the first weights of a head that the checkpoint lacks. */
  readonly seed: number;
}

export interface TrainingEngineOptions extends EngineOptions {
  /** The outputs of the head. A checkpoint's own head is kept where it has these very outputs. */
  readonly labels: readonly string[];
  /** What a positive counts in the loss, [outputs]; undefined where all count 1. */
  readonly positiveWeights: readonly number[] | undefined;
  /** So many texts of different lengths learn together without padding; 0, which is best but on the CPU, by default. */
  readonly textsApart?: number;
}

export interface MaskedLanguageEngineOptions extends EngineOptions {
  /** Words of the vocabulary that are multiplied at a time, 8,192 by default. */
  readonly blockWords?: number | undefined;
}

/** No slower than one of 2,000 or of 50,000, and no buffer is too large for a graphics processor. */
const BLOCK_WORDS = 8192;

/**
 * Opens an encoder folder to train it.
 * @throws EncoderError when the folder cannot be used, naming the file and the reason; TrainingError for a device that
 * cannot train
 */
export async function createTrainingEngine(
  folder: string,
  options: TrainingEngineOptions,
): Promise<TrainingEngine> {
  const { optimiser, labels, textsApart = 0 } = options;
  const device = trainingDevice(options.device);
  const { config: published, weights, close } = await openEncoderFolder(folder);
  try {
    const config = withDropout({ ...published, labels }, options.dropout);
    const read = firstWeights(config, weights, published.labels, options.seed);
    const embeddings = new SummedEmbeddings(config, read, optimiser);
    const positiveWeights = options.positiveWeights ?? labels.map(() => 1);
    const running = await runningParts({ config, read, device, options });
    return new GraphTrainingEngine({
      config,
      optimiser,
      embeddings,
      ...running,
      positiveWeights,
      textsApart,
    });
  } finally {
    close();
  }
}

/** The same for masked language modelling. Of the head, what the checkpoint has is kept. */
export async function createMaskedLanguageEngine(
  folder: string,
  options: MaskedLanguageEngineOptions,
): Promise<MaskedLanguageEngine> {
  const { optimiser, blockWords = BLOCK_WORDS } = options;
  const device = trainingDevice(options.device);
  const { config: published, weights, close } = await openEncoderFolder(folder);
  try {
    const config = withDropout(published, options.dropout);
    requireTiedWords(config);
    const read = firstMaskedWeights(config, weights, options.seed);
    const table = (spec: WeightSpec) => new DenseTable(spec, read(spec.name), optimiser);
    const words = table(wordVectors(config));
    const bias = decoderBias(config);
    const blocks = vocabularyBlocks(config.vocabSize, blockWords);
    const decoder = new TiedDecoder(words, bias && table(bias), blocks);
    const embeddings = new SummedEmbeddings(config, read, optimiser, words);
    const running = await runningParts({ config, read, device, options, head: maskedLanguageHead(blocks) });
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

function withDropout(config: EncoderConfig, rates: DropoutRates | undefined): EncoderConfig {
  if (!rates) return config;
  const { embeddings, attention, hidden, classifier } = rates;
  const common = { attentionDropout: attention, classifierDropout: classifier };
  return config.modelType === 'bert'
    ? { ...config, ...common, hiddenDropout: hidden }
    : { ...config, ...common, embeddingDropout: embeddings, mlpDropout: hidden };
}
