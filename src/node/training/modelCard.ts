import type { HyperParameters } from '../../core/train/settings/hyperParameters';
import type { FineTuneJob } from '../../core/train/settings/jobs';
import type { LearningState } from '../../core/train/loop/learningEvents';
import type { PartScores, RunResult } from '../../core/train/loop/runEvents';
import { settingRows, table } from './cardTables';

export interface CardFacts {
  readonly job: FineTuneJob;
  readonly encoder: string;
  readonly corpus: string;
  readonly outputs: readonly string[];
  readonly parameters: HyperParameters;
  readonly notes: { readonly training: number; readonly validation: number; readonly test: number };
  readonly splitHash: string;
  readonly state: LearningState;
  readonly scores: RunResult['scores'];
  readonly onnx: boolean;
  readonly version: string;
}

/** README.md of a trained folder: what it is, how it was made, how well it does. No paths, no words of a note. */
export function modelCard(facts: CardFacts): string {
  const { encoder, outputs, state, job } = facts;
  const best = state.best?.validation ? `, the weights of epoch ${state.best.epoch + 1} kept` : '';
  const early = state.finished === 'patience' ? ' (validation gained no more)' : '';
  return [
    '---',
    'language: pt',
    'pipeline_tag: token-classification',
    `base_model: ${JSON.stringify(encoder)}`,
    '---',
    '# Marks entities in Portuguese clinical notes',
    '',
    `${encoder}, fine-tuned by Anamnese ${facts.version} as a multi-label token classifier (scheme ${job.scheme}, one sigmoid an`,
    `output): ${outputs.join(', ')}.`,
    '',
    '## Data',
    `Corpus ${facts.corpus}: ${facts.notes.training} notes to train on, ${facts.notes.validation} for validation, ${facts.notes.test} for testing.`,
    `SHA-256 of the split (which note is in which part): \`${facts.splitHash}\`.`,
    '',
    '## Training',
    `${state.history.length} epochs${early}, ${state.updates} steps${best}.`,
    '',
    ...table(['setting', 'value'], settingRows({ ...ownSettings(facts.job), ...facts.parameters })),
    '',
    ...scoreSection(facts.scores),
    '## Files',
    `\`model.safetensors\` and \`config.json\` as transformers reads them${facts.onnx ? '; `model.onnx` for any ONNX Runtime' : ''}; \`anamnese.json\`:`,
    'calibration (Platt, on the logits), thresholds on the calibrated probability, scheme; `training/run.json`: the run.',
    '',
    '## Limits',
    'Not a medical device. Scores hold for notes like those of the corpus; other hospitals and specialities differ.',
    'Licence: that of the encoder it began with, and the conditions of the corpus.',
    '',
  ].join('\n');
}

function ownSettings({ preset, strategy, scheme, seed }: FineTuneJob): Record<string, unknown> {
  return { preset, strategy, scheme, seed };
}

function scoreSection({ validation, test }: RunResult['scores']): string[] {
  const parts = Object.entries({ validation, test }).filter(
    (part): part is [string, PartScores] => part[1] !== undefined,
  );
  if (parts.length === 0) return ['## Scores', 'There were no notes to score it on.', ''];
  const both = ({ microF1, macroF1 }: { microF1: number; macroF1: number }): string =>
    `${microF1.toFixed(4)} / ${macroF1.toFixed(4)}`;
  return [
    '## Scores',
    'Micro / macro F1. Thresholds and calibration were fitted on the validation notes, which flatters their own figures.',
    '',
    ...table(
      ['part', 'notes', 'tokens', 'characters', 'words', 'entities, strict'],
      parts.map(([name, { notes, tokens, characters, words, entities }]) => [
        name,
        String(notes),
        ...[tokens, characters, words, entities].map(both),
      ]),
    ),
    '',
  ];
}
