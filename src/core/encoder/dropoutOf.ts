import type { DropoutRates } from '../train/engine';
import type { EncoderConfig } from './config';

/** The rates that a configuration has. BERT drops its embeddings at the rate of what its layers give. */
export function dropoutOf(config: EncoderConfig): DropoutRates {
  const common = { attention: config.attentionDropout, classifier: config.classifierDropout };
  return config.modelType === 'bert'
    ? { ...common, embeddings: config.hiddenDropout, hidden: config.hiddenDropout }
    : { ...common, embeddings: config.embeddingDropout, hidden: config.mlpDropout };
}
