import type { z } from 'zod';
import type { HyperParameters, PretrainingParameters } from './hyperParameters';
import {
  hyperParameters,
  presetParameters,
  presetPretraining,
  pretrainingParameters,
} from './hyperParameters';
import type { FineTuneJob, Job, PretrainJob } from './jobs';
import { TrainingError } from '../trainingError';

/** A preset with what the person said. @throws TrainingError naming the value that cannot be */
export function fineTuneParameters(job: FineTuneJob, hiddenSize: number): HyperParameters {
  const preset = presetParameters(job.preset, hiddenSize);
  return checked(hyperParameters, {
    ...withCommon(preset, job),
    patience: job.patience ?? preset.patience,
    padTo: job.padTo ?? preset.padTo,
  });
}

export function pretrainParameters(job: PretrainJob, hiddenSize: number): PretrainingParameters {
  const preset = presetPretraining(hiddenSize);
  return checked(pretrainingParameters, {
    ...withCommon(preset, job),
    masked: job.masked ?? preset.masked,
    wholeWords: job.wholeWords ?? preset.wholeWords,
  });
}

function withCommon<P extends HyperParameters | PretrainingParameters>(preset: P, job: Job): P {
  return {
    ...preset,
    epochs: job.epochs ?? preset.epochs,
    // Whoever says how many epochs means so many.
    minimumSteps: job.epochs === undefined ? preset.minimumSteps : 0,
    learningRate: job.learningRate ?? preset.learningRate,
    maxLength: job.maxLength ?? preset.maxLength,
    batching: batchingOf(preset.batching, job),
  };
}

function batchingOf(
  preset: HyperParameters['batching'],
  { batch, batchTokens, accumulate }: Job,
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
  const { path, message } = parsed.error.issues[0]!;
  throw new TrainingError('settings', `${path.join('.')}: ${message}`);
}
