import { activate } from '../graph/operators/activation';
import type { AttentionOptions } from '../graph/operators/attention';
import { selfAttention } from '../graph/operators/attention';
import { attentionMask } from '../graph/operators/attentionMask';
import { dense, denseOfUnevenRows } from '../graph/operators/dense';
import { drop } from '../graph/operators/dropout';
import { add } from '../graph/operators/elementwise';
import { embed, firstRows } from '../graph/operators/embedding';
import { layerNorm } from '../graph/operators/normalisation';
import { reshape } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { BertConfig } from './config';
import type { EncoderContext, EncoderParts, StageDropouts } from './encoderParts';
import type { Parameters } from './parameters';
import type { EncoderWeights } from './weights';

type Bert = EncoderContext<BertConfig>;

/** BERT with its heads (Devlin et al. 2019; transformers' BertForTokenClassification and BertForMaskedLM). */
export function bertParts(model: Bert): EncoderParts {
  const { graph, config, parameters, padding, dropouts } = model;
  const { hiddenSize, hiddenDropout, normEpsilon } = config;
  const mask = attentionMask(graph, padding, undefined);
  return {
    embed: (ids) => embeddings(model, ids),
    begin(embedded) {
      const x = layerNorm(graph, embedded, parameters.norm('embeddings.LayerNorm', normEpsilon));
      return drop(graph, x, dropouts('begin').rows(hiddenDropout, hiddenSize, 0));
    },
    layer(index, x) {
      const stage = dropouts(index);
      const dropout = stage.attention(config.attentionDropout, config.heads);
      return encoderLayer(model, `encoder.layer.${index}`, x, { heads: config.heads, mask, dropout }, stage);
    },
    end(x) {
      const dropped = drop(graph, x, dropouts('end').rows(config.classifierDropout, hiddenSize, 0));
      return dense(graph, dropped, parameters.floatLinear('classifier'));
    },
    predictionHead(x) {
      const name = 'cls.predictions.transform';
      const hidden = dense(graph, x, parameters.floatLinear(`${name}.dense`));
      const activated = activate(graph, hidden, config.activation);
      return layerNorm(graph, activated, parameters.norm(`${name}.LayerNorm`, normEpsilon));
    },
  };
}

/** The sum of word, position and token type vectors: [batch · length, width]. */
function embeddings({ graph, config, parameters }: Bert, ids: Value): Value {
  const words = embed(graph, ids, parameters.table('embeddings.word_embeddings.weight'));
  const positions = firstRows(graph, positionsAndType(config, parameters));
  return reshape(graph, add(graph, words, positions), ['tokens', config.hiddenSize]);
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
  dropouts: StageDropouts,
): Value {
  const linear = (module: string) => parameters.linear(`${name}.${module}`);
  const norm = (module: string) => parameters.norm(`${name}.${module}`, config.normEpsilon);
  const dropped = (y: Value, place: number) =>
    drop(graph, y, dropouts.rows(config.hiddenDropout, config.hiddenSize, place));
  const projections = ['query', 'key', 'value'].map((part) => `${name}.attention.self.${part}`);
  const qkv = dense(graph, x, parameters.linear(...projections));
  const attended = dense(graph, selfAttention(graph, qkv, options), linear('attention.output.dense'));
  const middle = layerNorm(graph, add(graph, dropped(attended, 0), x), norm('attention.output.LayerNorm'));
  const inner = denseOfUnevenRows(graph, middle, linear('intermediate.dense'));
  const activated = activate(graph, inner, config.activation);
  const outer = denseOfUnevenRows(graph, activated, linear('output.dense'));
  return layerNorm(graph, add(graph, dropped(outer, 1), middle), norm('output.LayerNorm'));
}
