import { activate } from '../graph/operators/activation';
import type { AttentionOptions } from '../graph/operators/attention';
import { selfAttention } from '../graph/operators/attention';
import { dense, denseOfUnevenRows } from '../graph/operators/dense';
import { drop } from '../graph/operators/dropout';
import { add, multiply } from '../graph/operators/elementwise';
import { embed } from '../graph/operators/embedding';
import { layerNorm } from '../graph/operators/normalisation';
import { rotation } from '../graph/operators/rotary';
import { reshape, split } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { ModernBertConfig, ModernBertLayer } from './config';
import type { EncoderContext, EncoderParts, StageDropouts } from './encoderParts';

type ModernBert = EncoderContext<ModernBertConfig>;

/**
 * ModernBERT with its heads (Warner et al. 2024; transformers' ModernBertForTokenClassification, …ForMaskedLM).
 * Every sublayer reads a normalised copy of the residual stream and adds to the stream.
 */
export function modernBertParts(model: ModernBert): EncoderParts {
  const { graph, config, parameters, dropouts } = model;
  const norm = (name: string, x: Value) => layerNorm(graph, x, parameters.norm(name, config.normEpsilon));
  const optionsOf = attentionOptions(model);
  return {
    embed(ids) {
      const words = embed(graph, ids, parameters.table('embeddings.tok_embeddings.weight'));
      return reshape(graph, words, ['tokens', config.hiddenSize]);
    },
    begin(embedded) {
      const dropout = dropouts('begin').rows(config.embeddingDropout, config.hiddenSize, 0);
      return drop(graph, norm('embeddings.norm', embedded), dropout);
    },
    layer(index, x) {
      const stage = dropouts(index);
      const dropout = stage.attention(config.attentionDropout, config.heads);
      // The first layer reads the embeddings as they are, normalised once.
      const read = index === 0 ? x : norm(`layers.${index}.attn_norm`, x);
      const options = { ...optionsOf(config.layerTypes[index]!), dropout };
      const middle = add(graph, x, attention(model, `layers.${index}.attn`, read, options, stage));
      const normalised = norm(`layers.${index}.mlp_norm`, middle);
      return add(graph, middle, gatedMlp(model, `layers.${index}.mlp`, normalised, stage));
    },
    end: (x) => classifier(model, predictionHead(model, norm('final_norm', x))),
    predictionHead: (x) => predictionHead(model, norm('final_norm', x)),
  };
}

/** How a layer attends; layers of one kind share a rotation. */
function attentionOptions({ graph, config, layout }: ModernBert) {
  const { heads, hiddenSize, maxPositions } = config;
  const rotationOf = memoise((theta: number) => rotation(graph, maxPositions, hiddenSize / heads, theta));
  return ({ window, ropeTheta }: ModernBertLayer): AttentionOptions => ({
    heads,
    layout,
    window,
    rotation: rotationOf(ropeTheta),
  });
}

function memoise<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

function attention(
  { graph, config, parameters }: ModernBert,
  name: string,
  x: Value,
  options: AttentionOptions,
  dropouts: StageDropouts,
): Value {
  const qkv = dense(graph, x, parameters.linear(`${name}.Wqkv`));
  const output = dense(graph, selfAttention(graph, qkv, options), parameters.linear(`${name}.Wo`));
  return drop(graph, output, dropouts.rows(config.attentionDropout, config.hiddenSize, 0));
}

/** GeGLU (Shazeer 2020): the activation of one half of the inner layer times the other half. */
function gatedMlp(
  { graph, config, parameters }: ModernBert,
  name: string,
  x: Value,
  dropouts: StageDropouts,
): Value {
  const { intermediateSize, activation, mlpDropout } = config;
  const inner = denseOfUnevenRows(graph, x, parameters.linear(`${name}.Wi`));
  const [input, gate] = split(graph, inner, [intermediateSize, intermediateSize]) as [Value, Value];
  const gated = multiply(graph, activate(graph, input, activation), gate);
  const dropped = drop(graph, gated, dropouts.rows(mlpDropout, intermediateSize, 1));
  return denseOfUnevenRows(graph, dropped, parameters.linear(`${name}.Wo`));
}

/** What both heads begin with. */
function predictionHead({ graph, config, parameters }: ModernBert, x: Value): Value {
  const hidden = dense(graph, x, parameters.linear('head.dense'));
  const activated = activate(graph, hidden, config.classifierActivation);
  return layerNorm(graph, activated, parameters.norm('head.norm', config.normEpsilon));
}

function classifier({ graph, config, parameters, dropouts }: ModernBert, x: Value): Value {
  const dropout = dropouts('end').rows(config.classifierDropout, config.hiddenSize, 0);
  return dense(graph, drop(graph, x, dropout), parameters.floatLinear('classifier'));
}
