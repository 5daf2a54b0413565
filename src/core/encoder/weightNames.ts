import type { Checkpoint, StoredTensor } from './checkpoint';
import type { BertConfig, EncoderConfig, ModernBertConfig } from './config';
import { EncoderError } from './encoderError';

/** A weight under the name that transformers publishes, less the model's prefix (`bert.`, `model.`). */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The weights of the encoder without its head. */
export function encoderWeights(config: EncoderConfig): WeightSpec[] {
  return config.modelType === 'bert' ? bertWeights(config) : modernBertWeights(config);
}

/** The weights of the token classification head. */
export function headWeights(config: EncoderConfig): WeightSpec[] {
  const { hiddenSize, labels } = config;
  const classifier = linear('classifier', labels.length, hiddenSize);
  if (config.modelType === 'bert') return classifier;
  return [...modernPredictionHead(config), ...classifier];
}

/** The weights of a masked language head, but for those of its decoder. */
export function predictionHeadWeights(config: EncoderConfig): WeightSpec[] {
  const { hiddenSize } = config;
  if (config.modelType === 'bert')
    return [
      ...linear('cls.predictions.transform.dense', hiddenSize, hiddenSize),
      ...norm('cls.predictions.transform.LayerNorm', hiddenSize),
    ];
  return modernPredictionHead(config);
}

/** The word vectors [vocabulary, width], which the decoder of a masked language head shares. */
export function wordVectors({ modelType, vocabSize, hiddenSize }: EncoderConfig): WeightSpec {
  const table = modelType === 'bert' ? 'word_embeddings' : 'tok_embeddings';
  return { name: `embeddings.${table}.weight`, shape: [vocabSize, hiddenSize] };
}

/** The decoder's biases [vocabulary], one a word; undefined where the configuration has none. */
export function decoderBias(config: EncoderConfig): WeightSpec | undefined {
  const shape = [config.vocabSize];
  if (config.modelType === 'bert') return { name: 'cls.predictions.bias', shape };
  return config.decoderBias ? { name: 'decoder.bias', shape } : undefined;
}

/** What ModernBERT's classifier and its masked language head have in common, by name too. */
function modernPredictionHead({ hiddenSize, classifierBias, normBias }: ModernBertConfig): WeightSpec[] {
  return [
    ...linear('head.dense', hiddenSize, hiddenSize, classifierBias),
    ...norm('head.norm', hiddenSize, normBias),
  ];
}

function bertWeights(config: BertConfig) {
  const { maxPositions, tokenTypes, hiddenSize, intermediateSize, layers } = config;
  const layer = (prefix: string): WeightSpec[] => [
    ...linear(`${prefix}.attention.self.query`, hiddenSize, hiddenSize),
    ...linear(`${prefix}.attention.self.key`, hiddenSize, hiddenSize),
    ...linear(`${prefix}.attention.self.value`, hiddenSize, hiddenSize),
    ...linear(`${prefix}.attention.output.dense`, hiddenSize, hiddenSize),
    ...norm(`${prefix}.attention.output.LayerNorm`, hiddenSize),
    ...linear(`${prefix}.intermediate.dense`, intermediateSize, hiddenSize),
    ...linear(`${prefix}.output.dense`, hiddenSize, intermediateSize),
    ...norm(`${prefix}.output.LayerNorm`, hiddenSize),
  ];
  return [
    wordVectors(config),
    { name: 'embeddings.position_embeddings.weight', shape: [maxPositions, hiddenSize] },
    { name: 'embeddings.token_type_embeddings.weight', shape: [tokenTypes, hiddenSize] },
    ...norm('embeddings.LayerNorm', hiddenSize),
    ...upTo(layers).flatMap((index) => layer(`encoder.layer.${index}`)),
  ];
}

function modernBertWeights(config: ModernBertConfig): WeightSpec[] {
  const { hiddenSize, intermediateSize, layers, normBias, attentionBias, mlpBias } = config;
  const layer = (index: number): WeightSpec[] => [
    // The embeddings are normalised already, so the first layer does not do it again.
    ...(index === 0 ? [] : norm(`layers.${index}.attn_norm`, hiddenSize, normBias)),
    ...linear(`layers.${index}.attn.Wqkv`, 3 * hiddenSize, hiddenSize, attentionBias),
    ...linear(`layers.${index}.attn.Wo`, hiddenSize, hiddenSize, attentionBias),
    ...norm(`layers.${index}.mlp_norm`, hiddenSize, normBias),
    ...linear(`layers.${index}.mlp.Wi`, 2 * intermediateSize, hiddenSize, mlpBias),
    ...linear(`layers.${index}.mlp.Wo`, hiddenSize, intermediateSize, mlpBias),
  ];
  return [
    wordVectors(config),
    ...norm('embeddings.norm', hiddenSize, normBias),
    ...upTo(layers).flatMap(layer),
    ...norm('final_norm', hiddenSize, normBias),
  ];
}

function linear(name: string, outputs: number, inputs: number, bias = true): WeightSpec[] {
  return [{ name: `${name}.weight`, shape: [outputs, inputs] }, ...optional(bias, `${name}.bias`, [outputs])];
}

function norm(name: string, width: number, bias = true): WeightSpec[] {
  return [{ name: `${name}.weight`, shape: [width] }, ...optional(bias, `${name}.bias`, [width])];
}

const optional = (present: boolean, name: string, shape: number[]) => (present ? [{ name, shape }] : []);

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** The model's own prefix, none (saved from the bare encoder), and both behind DataParallel's. */
const prefixes = {
  bert: ['bert.', '', 'module.bert.', 'module.'],
  modernbert: ['model.', '', 'module.model.', 'module.'],
} as const;

/** The names that a weight has in published checkpoints, the usual one first. */
export function publishedNames(modelType: EncoderConfig['modelType'], name: string): string[] {
  // Checkpoints converted from TensorFlow keep its names for the scale and shift of a layer normalisation.
  const old = name
    .replace(/LayerNorm\.weight$/, 'LayerNorm.gamma')
    .replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
  const spellings = old === name ? [name] : [name, old];
  return prefixes[modelType].flatMap((prefix) => spellings.map((spelling) => prefix + spelling));
}

/** Where a checkpoint keeps each weight: from the names of `specs` to its own. */
export type WeightNames = ReadonlyMap<string, string>;

/**
 * Finds weights in a checkpoint and checks their shapes against the configuration.
 * @throws EncoderError for the first that is missing or of another shape
 */
export function locateWeights(
  config: EncoderConfig,
  checkpoint: Checkpoint,
  specs: WeightSpec[],
): WeightNames {
  return new Map(specs.map((spec) => [spec.name, locate(config, checkpoint, spec)]));
}

function locate(
  { modelType }: EncoderConfig,
  { file, tensors }: Checkpoint,
  { name, shape }: WeightSpec,
): string {
  const found = publishedNames(modelType, name).find((candidate) => tensors.has(candidate));
  if (found === undefined) throw new EncoderError(file, `the weight ${name} is missing`);
  const tensor = tensors.get(found)!;
  if (String(tensor.shape) !== String(shape)) {
    const shapes = `has the shape [${tensor.shape.join(', ')}], but config.json asks for [${shape.join(', ')}]`;
    throw new EncoderError(file, `the weight ${found} ${shapes}`);
  }
  checkType(found, tensor, tensors.get(scaleName(found)), file);
  return found;
}

function checkType(
  name: string,
  { type, shape }: StoredTensor,
  scale: StoredTensor | undefined,
  file: string,
) {
  if (['F64', 'F32', 'F16', 'BF16'].includes(type)) return;
  if (type !== 'I8')
    throw new EncoderError(file, `the weight ${name} is stored as ${type}, not as a real number`);
  const scales = scale?.shape.reduce((product, length) => product * length, 1);
  if (scale?.type !== 'F32' || scales !== shape[0]) {
    throw new EncoderError(
      file,
      `the weight ${name} is stored in eight bits without one F32 ${scaleName(name)} a row`,
    );
  }
}

/** The name of the scales of an eight-bit weight, as compressed-tensors (`int-quantized`) has it. */
export function scaleName(weight: string): string {
  return `${weight}_scale`;
}

/** The name under which transformers saves a weight today, whatever prefix it comes with. */
export function savedName(modelType: EncoderConfig['modelType'], name: string): string {
  const bare = name.replace(/^(module\.)?(bert|model)\.(?=embeddings\.|encoder\.|layers\.|final_norm\.)/, '');
  const ofEncoder = /^(embeddings|encoder|layers|final_norm)\./.test(bare);
  return ofEncoder ? prefixes[modelType][0] + bare : bare;
}
