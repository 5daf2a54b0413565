import type { LearningState } from '../../core/train/loop/learningEvents';
import type { PretrainingParameters } from '../../core/train/settings/hyperParameters';
import { settingRows, table } from './cardTables';

export interface PretrainedFacts {
  readonly encoder: { readonly name: string; readonly sha256: string };
  readonly texts: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly seed: number;
  readonly parameters: PretrainingParameters;
  readonly state: LearningState;
  readonly version: string;
}

/** README.md of an encoder that read further texts: what it is and how it was made. No paths, no words of a text. */
export function pretrainedCard({
  encoder,
  texts,
  seed,
  parameters,
  state,
  version,
}: PretrainedFacts): string {
  return [
    '---',
    'language: pt',
    'pipeline_tag: fill-mask',
    `base_model: ${JSON.stringify(encoder.name)}`,
    '---',
    `# ${encoder.name}, gone on with on ${texts.name}`,
    '',
    `${encoder.name}, whose masked language modelling Anamnese ${version} went on with. It marks nothing yet: it is to be`,
    'fine-tuned on annotated notes.',
    '',
    '## Data',
    `${texts.name}: ${texts.count} different texts, without their annotations. SHA-256 of the texts: \`${texts.sha256}\`;`,
    `of the encoder that it began with: \`${encoder.sha256}\`.`,
    '',
    '## Training',
    `${state.history.length} epochs, ${state.updates} steps. Loss: the mean of an epoch over the tokens to guess, in nats.`,
    '',
    ...table(
      ['epoch', 'loss'],
      state.history.map(({ epoch, loss }) => [String(epoch + 1), loss.toFixed(4)]),
    ),
    '',
    ...table(['setting', 'value'], settingRows({ seed, ...parameters })),
    '',
    '## Files',
    '`model.safetensors` and `config.json` as transformers reads them; `training/run.json`: the run.',
    '',
    '## Limits',
    'Not a medical device. An encoder can repeat what it has read: weights that read notes of patients are to be kept as',
    'the notes are. Licence: that of the encoder it began with, and the conditions of the texts.',
    '',
  ].join('\n');
}
