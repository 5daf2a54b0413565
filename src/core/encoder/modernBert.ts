import type { GraphBuilder } from '../graph/graphBuilder';
import { activate } from '../graph/operators/activation';
import type { AttentionOptions } from '../graph/operators/attention';
import { selfAttention } from '../graph/operators/attention';
import { attentionMask } from '../graph/operators/attentionMask';
import { dense, denseOfUnevenRows } from '../graph/operators/dense';
import { multiply } from '../graph/operators/elementwise';
import { embed } from '../graph/operators/embedding';
import { addAndNormalise, layerNorm } from '../graph/operators/normalisation';
import { rotation } from '../graph/operators/rotary';
import { reshape, split } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { ModernBertConfig, ModernBertLayer } from './config';
import type { Parameters } from './parameters';

interface ModernBert {
  readonly graph: GraphBuilder;
  readonly config: ModernBertConfig;
  readonly parameters: Parameters;
}

/**
 * ModernBERT with a token classification head (Warner et al. 2024; transformers' ModernBertForTokenClassification).
 *
 * Every sublayer reads a normalised copy of the residual stream, made where the stream was last added to.
 * @param ids int32 [batch, length]
 * @param padding int32 [batch, length], 1 for a token, 0 for padding; undefined when no text is padded
 * @returns logits [batch · length, labels]
 */
export function modernBert(model: ModernBert, ids: Value, padding: Value | undefined): Value {
  const { graph, config, parameters } = model;
  const norm = (name: string) => parameters.norm(name, config.normEpsilon);
  const optionsOf = attentionOptions(model, ids, padding);
  // The first layer reads the embeddings as they are, normalised once.
  let normalised = embeddings(model, ids);
  let residual = normalised;
  config.layerTypes.forEach((layer, index) => {
    const attended = attention(model, `layers.${index}.attn`, normalised, optionsOf(layer));
    const middle = addAndNormalise(graph, attended, residual, norm(`layers.${index}.mlp_norm`));
    const output = gatedMlp(model, `layers.${index}.mlp`, middle.normalised);
    const next = index + 1 < config.layers ? `layers.${index + 1}.attn_norm` : 'final_norm';
    ({ sum: residual, normalised } = addAndNormalise(graph, output, middle.sum, norm(next)));
  });
  return head(model, normalised);
}

/** The mask and rotation of a layer; layers of one kind share them. */
function attentionOptions({ graph, config }: ModernBert, ids: Value, padding: Value | undefined) {
  const { heads, hiddenSize, maxPositions } = config;
  const maskOf = memoise((window: number | undefined) => attentionMask(graph, ids, padding, window));
  const rotationOf = memoise((theta: number) =>
    rotation(graph, ids, maxPositions, hiddenSize / heads, theta),
  );
  return ({ window, ropeTheta }: ModernBertLayer): AttentionOptions => ({
    heads,
    ids,
    mask: maskOf(window),
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

function embeddings({ graph, config, parameters }: ModernBert, ids: Value): Value {
  const words = embed(graph, ids, parameters.table('embeddings.tok_embeddings.weight'));
  const rows = reshape(graph, words, ['tokens', config.hiddenSize]);
  return layerNorm(graph, rows, parameters.norm('embeddings.norm', config.normEpsilon));
}

function attention(
  { graph, parameters }: ModernBert,
  name: string,
  x: Value,
  options: AttentionOptions,
): Value {
  const qkv = dense(graph, x, parameters.linear(`${name}.Wqkv`));
  return dense(graph, selfAttention(graph, qkv, options), parameters.linear(`${name}.Wo`));
}

/** GeGLU (Shazeer 2020): the activation of one half of the inner layer times the other half. */
function gatedMlp({ graph, config, parameters }: ModernBert, name: string, x: Value): Value {
  const { intermediateSize, activation } = config;
  const inner = denseOfUnevenRows(graph, x, parameters.linear(`${name}.Wi`));
  const [input, gate] = split(graph, inner, [intermediateSize, intermediateSize]) as [Value, Value];
  const gated = multiply(graph, activate(graph, input, activation), gate);
  return denseOfUnevenRows(graph, gated, parameters.linear(`${name}.Wo`));
}

function head({ graph, config, parameters }: ModernBert, x: Value): Value {
  const hidden = dense(graph, x, parameters.linear('head.dense'));
  const activated = activate(graph, hidden, config.classifierActivation);
  const normalised = layerNorm(graph, activated, parameters.norm('head.norm', config.normEpsilon));
  return dense(graph, normalised, parameters.floatLinear('classifier'));
}
