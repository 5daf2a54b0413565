import type { GraphBuilder } from '../graph/graphBuilder';
import { activate } from '../graph/operators/activation';
import type { AttentionOptions } from '../graph/operators/attention';
import { selfAttention } from '../graph/operators/attention';
import { attentionMask } from '../graph/operators/attentionMask';
import { dense, denseOfUnevenRows } from '../graph/operators/dense';
import { add } from '../graph/operators/elementwise';
import { embed, firstRows } from '../graph/operators/embedding';
import { addAndNormalise, layerNorm } from '../graph/operators/normalisation';
import { reshape, sizesOf } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { BertConfig } from './config';
import type { Parameters } from './parameters';
import type { EncoderWeights } from './weights';

interface Bert {
  readonly graph: GraphBuilder;
  readonly config: BertConfig;
  readonly parameters: Parameters;
}

/**
 * BERT with a token classification head (Devlin et al. 2019; transformers' BertForTokenClassification).
 * @param ids int32 [batch, length]
 * @param padding int32 [batch, length], 1 for a token, 0 for padding; undefined when no text is padded
 * @returns logits [batch · length, labels]
 */
export function bert(model: Bert, ids: Value, padding: Value | undefined): Value {
  const { graph, config, parameters } = model;
  const options = { heads: config.heads, ids, mask: attentionMask(graph, ids, padding, undefined) };
  let x = embeddings(model, ids);
  for (let layer = 0; layer < config.layers; layer++)
    x = encoderLayer(model, `encoder.layer.${layer}`, x, options);
  return dense(graph, x, parameters.floatLinear('classifier'));
}

/** The sum of word, position and token type vectors, normalised: [batch · length, width]. */
function embeddings({ graph, config, parameters }: Bert, ids: Value): Value {
  const words = embed(graph, ids, parameters.table('embeddings.word_embeddings.weight'));
  const positions = firstRows(graph, positionsAndType(config, parameters), sizesOf(graph, ids, 1));
  const rows = reshape(graph, add(graph, words, positions), ['tokens', config.hiddenSize]);
  return layerNorm(graph, rows, parameters.norm('embeddings.LayerNorm', config.normEpsilon));
}

/** A text alone has tokens of type 0 only, whose vector is added to the positions once and for all. */
function positionsAndType({ maxPositions, hiddenSize }: BertConfig, parameters: Parameters): Value {
  const compute = (weights: EncoderWeights) => {
    const type = weights.float32('embeddings.token_type_embeddings.weight').subarray(0, hiddenSize);
    const positions = weights.float32('embeddings.position_embeddings.weight');
    return positions.map((value, index) => value + type[index % hiddenSize]!);
  };
  return parameters.derived('embeddings.position_and_type', [maxPositions, hiddenSize], compute);
}

/** Attention, then a two-layer perceptron; each is added to what it read and the sum normalised. */
function encoderLayer(
  { graph, config, parameters }: Bert,
  name: string,
  x: Value,
  options: AttentionOptions,
): Value {
  const linear = (module: string) => parameters.linear(`${name}.${module}`);
  const norm = (module: string) => parameters.norm(`${name}.${module}`, config.normEpsilon);
  const projections = ['query', 'key', 'value'].map((part) => `${name}.attention.self.${part}`);
  const qkv = dense(graph, x, parameters.linear(...projections));
  const attended = dense(graph, selfAttention(graph, qkv, options), linear('attention.output.dense'));
  const middle = addAndNormalise(graph, attended, x, norm('attention.output.LayerNorm')).normalised;
  const inner = denseOfUnevenRows(graph, middle, linear('intermediate.dense'));
  const activated = activate(graph, inner, config.activation);
  const outer = denseOfUnevenRows(graph, activated, linear('output.dense'));
  return addAndNormalise(graph, outer, middle, norm('output.LayerNorm')).normalised;
}
