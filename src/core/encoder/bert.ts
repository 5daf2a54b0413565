import type { GraphBuilder } from '../graph/graphBuilder';
import { activate } from '../graph/operators/activation';
import type { AttentionOptions, Parts } from '../graph/operators/attention';
import { attend, selfAttention } from '../graph/operators/attention';
import { attentionMask } from '../graph/operators/attentionMask';
import { dense } from '../graph/operators/dense';
import { add } from '../graph/operators/elementwise';
import { embed, firstRows } from '../graph/operators/embedding';
import { withEndsApart } from '../graph/operators/ends';
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
  const context = attention({ graph, config, parameters }, `${name}.attention.self`, x, options);
  const attended = dense(graph, context, linear('attention.output.dense'));
  const middle = addAndNormalise(graph, attended, x, norm('attention.output.LayerNorm')).normalised;
  const inner = linear('intermediate.dense');
  const outerLinear = linear('output.dense');
  const perceptron = (rows: Value) =>
    dense(graph, activate(graph, dense(graph, rows, inner), config.activation), outerLinear);
  const outer = inner.kind === 'int8' ? withEndsApart(graph, middle, perceptron) : perceptron(middle);
  return addAndNormalise(graph, outer, middle, norm('output.LayerNorm')).normalised;
}

/**
 * Attention of the rows x with themselves. Eight-bit products share one quantisation of x; in single precision the
 * three weights stay apart, as the checkpoint has them, so that the runtime can read them in their file.
 */
function attention({ graph, parameters }: Bert, name: string, x: Value, options: AttentionOptions): Value {
  const names = ['query', 'key', 'value'].map((part) => `${name}.${part}`);
  if (parameters.precision === 'int8')
    return selfAttention(graph, dense(graph, x, parameters.linear(...names)), options);
  const parts = names.map((part) => dense(graph, x, parameters.linear(part)));
  return attend(graph, parts as unknown as Parts, options);
}
