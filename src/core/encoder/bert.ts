import type { GraphBuilder } from '../graph/graphBuilder';
import { activate } from '../graph/operators/activation';
import { dense } from '../graph/operators/dense';
import { attentionMask, selfAttention } from '../graph/operators/attention';
import type { AttentionMask } from '../graph/operators/attention';
import { add } from '../graph/operators/elementwise';
import { embed, firstRows } from '../graph/operators/embedding';
import { addAndNormalise, layerNorm } from '../graph/operators/normalisation';
import { reshape, sizesOf } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { BertConfig } from './config';
import type { Parameters } from './parameters';
import type { EncoderWeights } from './weights';

/**
 * BERT with a token classification head (Devlin et al. 2019; transformers' BertForTokenClassification).
 * @param ids int32 [batch, length]
 * @param padding int32 [batch, length], 1 for a token, 0 for padding; undefined when no text is padded
 * @returns logits [batch · length, labels]
 */
export function bert(
  graph: GraphBuilder,
  config: BertConfig,
  parameters: Parameters,
  ids: Value,
  padding: Value | undefined,
): Value {
  const mask = attentionMask(graph, ids, padding, undefined);
  let x = embeddings(graph, config, parameters, ids);
  for (let layer = 0; layer < config.layers; layer++) {
    x = encoderLayer(graph, config, parameters, `encoder.layer.${layer}`, x, ids, mask);
  }
  return dense(graph, x, parameters.floatLinear('classifier'));
}

/** The sum of word, position and token type vectors, normalised: [batch · length, width]. */
function embeddings(graph: GraphBuilder, config: BertConfig, parameters: Parameters, ids: Value): Value {
  const words = embed(graph, ids, parameters.table('embeddings.word_embeddings.weight'));
  const positions = firstRows(graph, positionsAndType(config, parameters), sizesOf(graph, ids, 1));
  const rows = reshape(graph, add(graph, words, positions), ['tokens', config.hiddenSize]);
  return layerNorm(graph, rows, parameters.norm('embeddings.LayerNorm', config.normEpsilon));
}

/** A text alone has tokens of type 0 only, whose vector is added to the positions once and for all. */
function positionsAndType({ maxPositions, hiddenSize }: BertConfig, parameters: Parameters): Value {
  const compute = (weights: EncoderWeights) => {
    const type = weights.float32('embeddings.token_type_embeddings.weight').subarray(0, hiddenSize);
    return weights
      .float32('embeddings.position_embeddings.weight')
      .map((value, index) => value + type[index % hiddenSize]!);
  };
  return parameters.derived('embeddings.position_and_type', [maxPositions, hiddenSize], compute);
}

function encoderLayer(
  graph: GraphBuilder,
  { activation, heads, normEpsilon }: BertConfig,
  parameters: Parameters,
  name: string,
  x: Value,
  ids: Value,
  mask: AttentionMask,
): Value {
  const projections = ['query', 'key', 'value'].map((part) => `${name}.attention.self.${part}`);
  const qkv = dense(graph, x, parameters.linear(...projections));
  const attended = selfAttention(graph, qkv, { heads, ids }, mask);
  const output = dense(graph, attended, parameters.linear(`${name}.attention.output.dense`));
  const attentionNorm = parameters.norm(`${name}.attention.output.LayerNorm`, normEpsilon);
  const middle = addAndNormalise(graph, output, x, attentionNorm).normalised;
  const inner = activate(
    graph,
    dense(graph, middle, parameters.linear(`${name}.intermediate.dense`)),
    activation,
  );
  const outer = dense(graph, inner, parameters.linear(`${name}.output.dense`));
  return addAndNormalise(graph, outer, middle, parameters.norm(`${name}.output.LayerNorm`, normEpsilon))
    .normalised;
}
