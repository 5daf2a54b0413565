import type { z } from 'zod';
import type { HyperParameters, PretrainingParameters } from './hyperParameters';
import {
  hyperParameters,
  presetParameters,
  presetPretraining,
  pretrainingParameters,
} from './hyperParameters';
import type { EncoderConfig } from '../../encoder/config';
import { dropoutOf } from '../../encoder/dropoutOf';
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
  return checked(hyperParameters, {
    ...withCommon(preset, job),
    dropout: ofFamily(preset.dropout, settings.dropout, config),
    patience: job.patience ?? preset.patience,
    padTo: job.padTo ?? preset.padTo,
  });
}

export function pretrainParameters(
  job: PretrainValues,
  { hiddenSize }: EncoderConfig,
): PretrainingParameters {
  const preset = checked(pretrainingParameters, changed(presetPretraining(hiddenSize), job.settings ?? {}));
  return checked(pretrainingParameters, {
    ...withCommon(preset, job),
    masked: job.masked ?? preset.masked,
    wholeWords: job.wholeWords ?? preset.wholeWords,
  });
}

/** The rates of a checkpoint's configuration, where some of them are to be changed. */
function ratesToChange(
  preset: HyperParameters['dropout'],
  given: FineTuneSettings['dropout'],
  config: EncoderConfig,
): HyperParameters['dropout'] {
  return preset === 'config' && typeof given === 'object' ? dropoutOf(config) : preset;
}

/**
 * Rates as they are applied: a BERT drops its embeddings at the rate of what its layers give.
 * @throws TrainingError where settings say otherwise
 */
function ofFamily(
  rates: HyperParameters['dropout'],
  given: FineTuneSettings['dropout'],
  { modelType }: EncoderConfig,
): HyperParameters['dropout'] {
  if (rates === 'config' || modelType !== 'bert') return rates;
  const { hidden } = rates;
  const said = typeof given === 'object' ? given.embeddings : undefined;
  if (said === undefined || said === hidden) return { ...rates, embeddings: hidden };
  const reason = `a BERT drops its embeddings at the rate of hidden (${hidden})`;
  throw new TrainingError('settings', `dropout.embeddings: ${said}, but ${reason}: leave embeddings out`);
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
