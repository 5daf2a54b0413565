import { z } from 'zod';
import {
  activation,
  checkHeads,
  headKeys,
  labelsOf,
  layerCount,
  positive,
  probability,
  size,
} from './commonConfig';
import type { ModernBertConfig, ModernBertLayer } from './config';

const layerType = z.enum(['full_attention', 'sliding_attention']);

const rope = z.looseObject({
  rope_type: z.literal('default', { error: 'only the default rotary embedding is supported' }).optional(),
  rope_theta: positive.optional(),
});

const keys = z.object({
  ...headKeys,
  vocab_size: size.default(50_368),
  hidden_size: size.default(768),
  num_hidden_layers: layerCount.default(22),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(1152),
  hidden_activation: activation.default('gelu'),
  max_position_embeddings: size.default(8192),
  norm_eps: positive.default(1e-5),
  pad_token_id: z.int().min(0).nullish(),
  norm_bias: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  classifier_bias: z.boolean().default(false),
  decoder_bias: z.boolean().default(true),
  classifier_activation: activation.default('gelu'),
  classifier_dropout: probability.nullish(),
  embedding_dropout: probability.default(0),
  attention_dropout: probability.default(0),
  mlp_dropout: probability.default(0),
  /** The whole window: half of it to either side. `sliding_window` is the half. */
  local_attention: size.nullish(),
  sliding_window: size.nullish(),
  /** transformers 4.x: every n-th layer sees all, from the first on. 5.x spells the layers out. */
  global_attn_every_n_layers: layerCount.default(3),
  layer_types: z.array(layerType).nullish(),
  /** transformers 4.x. Without a local base, local layers use the global one. */
  global_rope_theta: positive.default(160_000),
  local_rope_theta: positive.nullable().default(10_000),
  /** transformers 5.x. */
  rope_parameters: z.object({ full_attention: rope.nullish(), sliding_attention: rope.nullish() }).nullish(),
  rope_scaling: z.null({ error: 'a scaled rotary embedding is not supported' }).optional(),
});

type Keys = z.output<typeof keys>;

/** config.json of `model_type: modernbert`, with the defaults of transformers' ModernBertConfig. */
export const modernBertSchema = keys.transform((json, context): ModernBertConfig => {
  // The rotary embedding turns pairs of features.
  checkHeads(json, 'even', context);
  return {
    modelType: 'modernbert',
    vocabSize: json.vocab_size,
    hiddenSize: json.hidden_size,
    layers: json.num_hidden_layers,
    heads: json.num_attention_heads,
    intermediateSize: json.intermediate_size,
    maxPositions: json.max_position_embeddings,
    activation: json.hidden_activation,
    normEpsilon: json.norm_eps,
    padId: json.pad_token_id ?? 50_283,
    classifierDropout: json.classifier_dropout ?? 0,
    labels: labelsOf(json, context),
    problemType: json.problem_type,
    architectures: json.architectures ?? [],
    tiesWords: json.tie_word_embeddings ?? true,
    layerTypes: layersOf(json, context),
    normBias: json.norm_bias,
    attentionBias: json.attention_bias,
    mlpBias: json.mlp_bias,
    classifierBias: json.classifier_bias,
    decoderBias: json.decoder_bias,
    classifierActivation: json.classifier_activation,
    embeddingDropout: json.embedding_dropout,
    attentionDropout: json.attention_dropout,
    mlpDropout: json.mlp_dropout,
  };
});

function layersOf(json: Keys, context: z.RefinementCtx): ModernBertLayer[] {
  const count = json.num_hidden_layers;
  const types = json.layer_types ?? Array.from({ length: count }, (_, layer) => everyNth(json, layer));
  if (types.length !== count) {
    const message = `${types.length} layers listed, but num_hidden_layers is ${count}`;
    context.addIssue({ code: 'custom', path: ['layer_types'], message });
  }
  const globalTheta = json.rope_parameters?.full_attention?.rope_theta ?? json.global_rope_theta;
  const localTheta =
    json.rope_parameters?.sliding_attention?.rope_theta ?? json.local_rope_theta ?? globalTheta;
  const window = json.local_attention ? Math.floor(json.local_attention / 2) : (json.sliding_window ?? 64);
  return types.map((type) =>
    type === 'full_attention'
      ? { window: undefined, ropeTheta: globalTheta }
      : { window, ropeTheta: localTheta },
  );
}

const everyNth = ({ global_attn_every_n_layers: n }: Keys, layer: number) =>
  layer % n === 0 ? 'full_attention' : 'sliding_attention';
