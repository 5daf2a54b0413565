import type { GraphBuilder } from '../graph/graphBuilder';
import { activate } from '../graph/operators/activation';
import type { AttentionOptions } from '../graph/operators/attention';
import { attend, selfAttention } from '../graph/operators/attention';
import { dense } from '../graph/operators/dense';
import { drop } from '../graph/operators/dropout';
import { add } from '../graph/operators/elementwise';
import { embed } from '../graph/operators/embedding';
import { withEndsApart } from '../graph/operators/ends';
import { layerNorm } from '../graph/operators/normalisation';
import { first, reshape } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { BertConfig } from './config';
import type { EncoderContext, EncoderParts, StageDropouts } from './encoderParts';
import type { EncoderParameters } from './encoderParameters';
import type { EncoderWeights } from './weights';

type Bert = EncoderContext<BertConfig>;

/** BERT with its heads (Devlin et al. 2019; transformers' BertForTokenClassification and BertForMaskedLM). */
export function bertParts(model: Bert): EncoderParts {
  const { graph, config, parameters, layout, dropouts } = model;
  const { hiddenSize, hiddenDropout, normEpsilon } = config;
  return {
    embed: (ids) => embeddings(model, ids),
    begin(embedded) {
      const x = layerNorm(graph, embedded, parameters.norm('embeddings.LayerNorm', normEpsilon));
      return drop(graph, x, dropouts('begin').rows(hiddenDropout, hiddenSize, 0));
    },
    layer(index, x) {
      const stage = dropouts(index);
      const dropout = stage.attention(config.attentionDropout, config.heads);
      return encoderLayer(
        model,
        `encoder.layer.${index}`,
        x,
        { heads: config.heads, layout, dropout },
        stage,
      );
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

/** The sum of word, position and token type vectors: [tokens, width]. */
function embeddings({ graph, config, parameters }: Bert, ids: Value): Value {
  const words = embed(graph, ids, parameters.table('embeddings.word_embeddings.weight'));
  const positions = first(graph, positionsAndType(config, parameters), 0, 'length');
  return reshape(graph, add(graph, words, positions), ['tokens', config.hiddenSize]);
}

/** A text alone has tokens of type 0 only, whose vector is added to the positions once and for all. */
function positionsAndType({ maxPositions, hiddenSize }: BertConfig, parameters: EncoderParameters): Value {
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
  const context = attention(graph, parameters, `${name}.attention.self`, x, options);
  const attended = dense(graph, context, linear('attention.output.dense'));
  const middle = layerNorm(graph, add(graph, dropped(attended, 0), x), norm('attention.output.LayerNorm'));
  const inner = linear('intermediate.dense');
  const outerLinear = linear('output.dense');
  const perceptron = (rows: Value) =>
    dense(graph, activate(graph, dense(graph, rows, inner), config.activation), outerLinear);
  const outer = inner.kind === 'int8' ? withEndsApart(graph, middle, perceptron) : perceptron(middle);
  return layerNorm(graph, add(graph, dropped(outer, 1), middle), norm('output.LayerNorm'));
}

/** Attention of the rows x with themselves. */
function attention(
  graph: GraphBuilder,
  parameters: EncoderParameters,
  name: string,
  x: Value,
  options: AttentionOptions,
): Value {
  const names = ['query', 'key', 'value'].map((part) => `${name}.${part}`);
  if (parameters.stacks) return selfAttention(graph, dense(graph, x, parameters.linear(...names)), options);
  const [query, key, value] = names.map((part) => dense(graph, x, parameters.linear(part)));
  return attend(graph, [query!, key!, value!], options);
}
