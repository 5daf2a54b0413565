import type { EncoderConfig } from '../../encoder/config';
import type { EncoderWeights } from '../../encoder/weights';
import type { WeightSpec } from '../../encoder/weightNames';
import { headWeights } from '../../encoder/weightNames';
import { seededRng } from '../../random';
import { elementsOf } from '../graphs/trainableParameters';
import type { ReadWeight } from './pieces';

/**
 * Weights for training: the checkpoint's own, but for the parts of a head that it lacks or that has other outputs.
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
  const fresh = newHead(config, headWeights(config).filter(isNew), seed);
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
    if (name.endsWith('norm.weight')) values.fill(1);
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
