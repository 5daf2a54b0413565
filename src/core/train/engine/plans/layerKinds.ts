import type { EncoderConfig } from '../../../encoder/config';
import type { Stage } from '../../graphs/trainingGraph';

/** The first stage that computes as this one does, other weights aside. */
export function representative(config: EncoderConfig, stage: Stage): Stage {
  if (typeof stage !== 'number') return stage;
  if (config.modelType === 'bert') return 0;
  const kind = JSON.stringify(config.layerTypes[stage]);
  // Layer 0 of ModernBERT normalises nothing, so it serves no other.
  return stage === 0
    ? 0
    : config.layerTypes.findIndex((type, index) => index > 0 && JSON.stringify(type) === kind);
}

/** What the names of a stage's weights begin with, as far as they tell layers apart. */
export function layerPrefix({ modelType }: EncoderConfig, stage: Stage): string {
  if (typeof stage !== 'number') return `${stage}.`;
  return modelType === 'bert' ? `encoder.layer.${stage}.` : `layers.${stage}.`;
}
