import type { EncoderConfig } from '../../encoder/config';
import type { EncoderWeights } from '../../encoder/weights';
import type { WeightSpec } from '../../encoder/weightNames';
import { decoderBias, headWeights, predictionHeadWeights } from '../../encoder/weightNames';
import { seededRng } from '../../random';
import { elementsOf } from '../graphs/trainableParameters';
import type { ReadWeight } from './parameters/pieces';

/**
 * Weights to learn token classification from: the checkpoint's own, but for the parts of a head that it lacks or that
 * has other outputs.
 * @param outputs those of the checkpoint's head
 */
export function firstWeights(
  config: EncoderConfig,
  weights: EncoderWeights,
  outputs: readonly string[],
  seed: number,
): ReadWeight {
  const keepsClassifier = weights.hasHead && String(outputs) === String(config.labels);
  const isNew = ({ name }: WeightSpec) =>
    !weights.has(name) || (name.startsWith('classifier.') && !keepsClassifier);
  return readerOf(config, weights, headWeights(config).filter(isNew), seed);
}

/**
 * The same for masked language modelling: parts of its head that the checkpoint lacks are new.
 * @throws EncoderError for a weight of the head of another shape than the configuration says
 */
export function firstMaskedWeights(config: EncoderConfig, weights: EncoderWeights, seed: number): ReadWeight {
  const bias = decoderBias(config);
  const head = [...predictionHeadWeights(config), ...(bias ? [bias] : [])];
  const all = weights.including(config, head);
  const lacking = head.filter(({ name }) => !all.has(name));
  return readerOf(config, all, lacking, seed);
}

function readerOf(
  config: EncoderConfig,
  weights: EncoderWeights,
  lacking: readonly WeightSpec[],
  seed: number,
): ReadWeight {
  const fresh = newHead(config, lacking, seed);
  return (name) => fresh.get(name) ?? weights.float32(name);
}

/** As transformers begins: normal, biases zero, norms one. */
function newHead(
  config: EncoderConfig,
  specs: readonly WeightSpec[],
  seed: number,
): Map<string, Float32Array> {
  const rng = seededRng(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const made = specs.map((spec): [string, Float32Array] => {
    const { name } = spec;
    const values = new Float32Array(elementsOf(spec));
    const deviation = standardDeviation(config, name);
    if (/norm\.weight$/i.test(name)) values.fill(1);
    else if (name.endsWith('.weight')) values.forEach((_, i) => (values[i] = deviation * normal()));
    return [name, values];
  });
  return new Map(made);
}

/** `initializer_range`, as both families have it by default. */
const initializerRange = 0.02;

function standardDeviation({ modelType, hiddenSize, layers }: EncoderConfig, name: string): number {
  if (modelType === 'bert') return initializerRange;
  return name.startsWith('classifier.') ? hiddenSize ** -0.5 : initializerRange / Math.sqrt(2 * layers);
}
