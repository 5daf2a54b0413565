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
import type { BertConfig } from './config';

const keys = z.object({
  ...headKeys,
  vocab_size: size.default(30_522),
  hidden_size: size.default(768),
  num_hidden_layers: layerCount.default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  hidden_act: activation.default('gelu'),
  max_position_embeddings: size.default(512),
  type_vocab_size: size.default(2),
  layer_norm_eps: positive.default(1e-12),
  pad_token_id: z.int().min(0).nullish(),
  hidden_dropout_prob: probability.default(0.1),
  attention_probs_dropout_prob: probability.default(0.1),
  classifier_dropout: probability.nullish(),
  position_embedding_type: z
    .literal('absolute', { error: 'only absolute positions are supported' })
    .nullish(),
  is_decoder: z.literal(false, { error: 'a decoder is not an encoder' }).nullish(),
});

/** config.json of `model_type: bert`, with the defaults of transformers' BertConfig. */
export const bertSchema = keys.transform((json, context): BertConfig => {
  checkHeads(json, 'any', context);
  return {
    modelType: 'bert',
    vocabSize: json.vocab_size,
    hiddenSize: json.hidden_size,
    layers: json.num_hidden_layers,
    heads: json.num_attention_heads,
    intermediateSize: json.intermediate_size,
    maxPositions: json.max_position_embeddings,
    activation: json.hidden_act,
    normEpsilon: json.layer_norm_eps,
    padId: json.pad_token_id ?? 0,
    classifierDropout: json.classifier_dropout ?? json.hidden_dropout_prob,
    labels: labelsOf(json, context),
    problemType: json.problem_type,
    architectures: json.architectures ?? [],
    tiesWords: json.tie_word_embeddings ?? true,
    tokenTypes: json.type_vocab_size,
    hiddenDropout: json.hidden_dropout_prob,
    attentionDropout: json.attention_probs_dropout_prob,
  };
});
