import type { z } from 'zod';
import type { HyperParameters, PretrainingParameters } from './hyperParameters';
import {
  hyperParameters,
  presetParameters,
  presetPretraining,
  pretrainingParameters,
} from './hyperParameters';
import type { EncoderConfig } from '../../encoder/config';
import { appliedRates, ratesToChange } from './appliedDropout';
import type { FineTuneJob, Job, PretrainJob } from './jobs';
import type { FineTuneSettings, PretrainSettings } from './settings';
import { firstProblem, withSettings } from './settings';
import { TrainingError } from '../trainingError';

type LearningValues = Pick<
  Job,
  'epochs' | 'learningRate' | 'batch' | 'batchTokens' | 'accumulate' | 'maxLength'
>;

/** What of a job says how it learns. */
export type FineTuneValues = LearningValues & Pick<FineTuneJob, 'preset' | 'settings' | 'patience' | 'padTo'>;

export type PretrainValues = LearningValues & Pick<PretrainJob, 'settings' | 'masked' | 'wholeWords'>;

/**
 * A preset, changed by the job's settings and then by what the person said value by value.
 * @throws TrainingError naming the value that cannot be
 */
export function fineTuneParameters(job: FineTuneValues, config: EncoderConfig): HyperParameters {
  const { settings = {} } = job;
  const { dropout, ...others } = presetParameters(job.preset, config.hiddenSize);
  const base = { ...others, dropout: ratesToChange(dropout, settings.dropout, config) };
  const preset = checked(hyperParameters, changed(base, settings));
  checkFrozen(preset.optimiser, config);
  return checked(hyperParameters, {
    ...withCommon(preset, job),
    dropout: appliedRates(preset.dropout, settings.dropout, config),
    patience: job.patience ?? preset.patience,
    padTo: job.padTo ?? preset.padTo,
  });
}

/** The same for masked language modelling. */
export function pretrainParameters(job: PretrainValues, config: EncoderConfig): PretrainingParameters {
  const base = presetPretraining(config.hiddenSize);
  const preset = checked(pretrainingParameters, changed(base, job.settings ?? {}));
  checkFrozen(preset.optimiser, config);
  return checked(pretrainingParameters, {
    ...withCommon(preset, job),
    masked: job.masked ?? preset.masked,
    wholeWords: job.wholeWords ?? preset.wholeWords,
  });
}

/** @throws TrainingError where nothing of an encoder of so many layers would learn */
function checkFrozen({ frozen }: HyperParameters['optimiser'], { layers }: EncoderConfig): void {
  if (frozen <= layers + 1) return;
  const most = `${layers + 1} leaves its head alone to learn`;
  throw new TrainingError(
    'settings',
    `optimiser.frozen: ${frozen}, but the encoder has ${layers} layers: ${most}`,
  );
}

/** Whoever says how many epochs means so many. */
function changed(preset: object, settings: FineTuneSettings | PretrainSettings): unknown {
  const least = settings.epochs === undefined ? {} : { minimumSteps: 0 };
  return withSettings(preset, { ...least, ...settings });
}

function withCommon<P extends HyperParameters | PretrainingParameters>(preset: P, job: LearningValues): P {
  return {
    ...preset,
    epochs: job.epochs ?? preset.epochs,
    minimumSteps: job.epochs === undefined ? preset.minimumSteps : 0,
    learningRate: job.learningRate ?? preset.learningRate,
    maxLength: job.maxLength ?? preset.maxLength,
    batching: batchingOf(preset.batching, job),
  };
}

function batchingOf(
  preset: HyperParameters['batching'],
  { batch, batchTokens, accumulate }: LearningValues,
): HyperParameters['batching'] {
  if (batch !== undefined && batchTokens !== undefined)
    throw new TrainingError('settings', '--batch counts notes and --batch-tokens tokens: give one of them');
  const size: Partial<HyperParameters['batching']> =
    batch !== undefined
      ? { by: 'notes', size: batch }
      : batchTokens !== undefined
        ? { by: 'tokens', size: batchTokens }
        : {};
  return { ...preset, ...size, accumulate: accumulate ?? preset.accumulate };
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TrainingError('settings', firstProblem(parsed.error));
}
