import type { GraphBuilder } from '../graph/graphBuilder';
import type { AttentionMask, Rotation } from '../graph/operators/attention';
import { attentionMask, rotation, selfAttention } from '../graph/operators/attention';
import { activate } from '../graph/operators/activation';
import { dense } from '../graph/operators/dense';
import { multiply } from '../graph/operators/elementwise';
import { embed } from '../graph/operators/embedding';
import { addAndNormalise, layerNorm } from '../graph/operators/normalisation';
import { reshape, split } from '../graph/operators/shape';
import type { Value } from '../graph/value';
import type { ModernBertConfig, ModernBertLayer } from './config';
import type { Parameters } from './parameters';

/**
 * ModernBERT with a token classification head (Warner et al. 2024; transformers' ModernBertForTokenClassification).
 *
 * Every sublayer reads a normalised copy of the residual stream. The norm that a sublayer reads is emitted with the
 * addition before it, as one operator where the runtime has one.
 * @param ids int32 [batch, length]
 * @param padding int32 [batch, length], 1 for a token, 0 for padding; undefined when no text is padded
 * @returns logits [batch · length, labels]
 */
export function modernBert(
  graph: GraphBuilder,
  config: ModernBertConfig,
  parameters: Parameters,
  ids: Value,
  padding: Value | undefined,
): Value {
  const norm = (name: string) => parameters.norm(name, config.normEpsilon);
  const positional = memoise((layer: ModernBertLayer) => ({
    mask: attentionMask(graph, ids, padding, layer.window),
    rotary: rotation(graph, ids, config.hiddenSize / config.heads, layer.ropeTheta),
  }));
  // The first layer reads the embeddings as they are, normalised once.
  let normalised = embeddings(graph, config, parameters, ids);
  let residual = normalised;
  config.layerTypes.forEach((layer, index) => {
    const { mask, rotary } = positional(layer);
    const attended = attention(
      graph,
      config,
      parameters,
      `layers.${index}.attn`,
      normalised,
      ids,
      mask,
      rotary,
    );
    const middle = addAndNormalise(graph, attended, residual, norm(`layers.${index}.mlp_norm`));
    const output = gatedMlp(graph, config, parameters, `layers.${index}.mlp`, middle.normalised);
    const next = index + 1 < config.layers ? `layers.${index + 1}.attn_norm` : 'final_norm';
    ({ sum: residual, normalised } = addAndNormalise(graph, output, middle.sum, norm(next)));
  });
  return head(graph, config, parameters, normalised);
}

function embeddings(
  graph: GraphBuilder,
  config: ModernBertConfig,
  parameters: Parameters,
  ids: Value,
): Value {
  const words = embed(graph, ids, parameters.table('embeddings.tok_embeddings.weight'));
  const rows = reshape(graph, words, ['tokens', config.hiddenSize]);
  return layerNorm(graph, rows, parameters.norm('embeddings.norm', config.normEpsilon));
}

function attention(
  graph: GraphBuilder,
  { heads }: ModernBertConfig,
  parameters: Parameters,
  name: string,
  x: Value,
  ids: Value,
  mask: AttentionMask,
  rotary: Rotation,
): Value {
  const qkv = dense(graph, x, parameters.linear(`${name}.Wqkv`));
  const attended = selfAttention(graph, qkv, { heads, ids }, mask, rotary);
  return dense(graph, attended, parameters.linear(`${name}.Wo`));
}

/** GeGLU (Shazeer 2020): the activation of one half of the inner layer times the other half. */
function gatedMlp(
  graph: GraphBuilder,
  { intermediateSize, activation }: ModernBertConfig,
  parameters: Parameters,
  name: string,
  x: Value,
): Value {
  const inner = dense(graph, x, parameters.linear(`${name}.Wi`));
  const [input, gate] = split(graph, inner, [intermediateSize, intermediateSize]) as [Value, Value];
  const gated = multiply(graph, activate(graph, input, activation), gate);
  return dense(graph, gated, parameters.linear(`${name}.Wo`));
}

function head(graph: GraphBuilder, config: ModernBertConfig, parameters: Parameters, x: Value): Value {
  const hidden = activate(
    graph,
    dense(graph, x, parameters.linear('head.dense')),
    config.classifierActivation,
  );
  const normalised = layerNorm(graph, hidden, parameters.norm('head.norm', config.normEpsilon));
  return dense(graph, normalised, parameters.floatLinear('classifier'));
}

/** What layers of one kind share is computed once. */
function memoise<T>(compute: (layer: ModernBertLayer) => T): (layer: ModernBertLayer) => T {
  const results = new Map<string, T>();
  return (layer) => {
    const key = `${layer.window} ${layer.ropeTheta}`;
    if (!results.has(key)) results.set(key, compute(layer));
    return results.get(key) as T;
  };
}
