import { parse, stringify } from 'lossless-json';
import type { DropoutRates } from '../train/engine';
import type { EncoderConfig } from './config';

export interface SavedConfigOptions {
  /** The transformers class that the weights are of. */
  readonly architecture: string;
  /** Outputs of a token classifier; undefined where the head is another. */
  readonly outputs: readonly string[] | undefined;
  /** Rates it was trained with; undefined where they are those that the configuration has. */
  readonly dropout: DropoutRates | undefined;
}

/** transformers' class of an encoder with a head. */
export function architectureOf(
  modelType: EncoderConfig['modelType'],
  head: 'TokenClassification' | 'MaskedLM',
): string {
  return `${modelType === 'bert' ? 'Bert' : 'ModernBert'}For${head}`;
}

/** Keys that describe the file that was read, not the one to be written. */
const OF_THE_FILE: readonly string[] = ['_name_or_path', 'quantization_config', 'torch_dtype', 'num_labels'];

/**
 * config.json of a trained encoder: the one it began with, changed where training changed it. Weights are in fp32.
 * Numbers stay as they are spelt: to transformers 2.0 and 2 are of different types.
 */
export function savedConfig(
  text: string,
  modelType: EncoderConfig['modelType'],
  { architecture, outputs, dropout }: SavedConfigOptions,
): string {
  const read = parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;
  const kept = Object.entries(read).filter(([key]) => !OF_THE_FILE.includes(key));
  const json: Record<string, unknown> = Object.fromEntries(kept);
  Object.assign(json, { model_type: modelType, architectures: [architecture], dtype: 'float32' });
  if (outputs) {
    Object.assign(json, {
      id2label: Object.fromEntries(outputs.map((output, id) => [String(id), output])),
      label2id: Object.fromEntries(outputs.map((output, id) => [output, id])),
      problem_type: 'multi_label_classification',
    });
  }
  if (dropout) Object.assign(json, dropoutKeys(modelType, dropout));
  return stringify(json, null, 2)! + '\n';
}

function dropoutKeys(
  modelType: EncoderConfig['modelType'],
  { embeddings, attention, hidden, classifier }: DropoutRates,
): Record<string, number> {
  if (modelType === 'bert')
    return {
      hidden_dropout_prob: hidden,
      attention_probs_dropout_prob: attention,
      classifier_dropout: classifier,
    };
  return {
    embedding_dropout: embeddings,
    attention_dropout: attention,
    mlp_dropout: hidden,
    classifier_dropout: classifier,
  };
}
