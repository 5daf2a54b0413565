import type { EncoderConfig } from '../../encoder/config';
import { dropoutOf } from '../../encoder/dropoutOf';
import { TrainingError } from '../trainingError';
import type { HyperParameters } from './hyperParameters';
import type { FineTuneSettings } from './settings';

type Rates = HyperParameters['dropout'];

/** A preset's rates, spelt out where they are the checkpoint's own and some of them are to be changed. */
export function ratesToChange(
  preset: Rates,
  given: FineTuneSettings['dropout'],
  config: EncoderConfig,
): Rates {
  return preset === 'config' && typeof given === 'object' ? dropoutOf(config) : preset;
}

/**
 * Rates as they are applied: a BERT drops its embeddings at the rate of what its layers give.
 * @throws TrainingError where settings say otherwise
 */
export function appliedRates(
  rates: Rates,
  given: FineTuneSettings['dropout'],
  { modelType }: EncoderConfig,
): Rates {
  if (rates === 'config' || modelType !== 'bert') return rates;
  const { hidden } = rates;
  const said = typeof given === 'object' ? given.embeddings : undefined;
  if (said === undefined || said === hidden) return { ...rates, embeddings: hidden };
  const reason = `a BERT drops its embeddings at the rate of hidden (${hidden})`;
  throw new TrainingError('settings', `dropout.embeddings: ${said}, but ${reason}: leave embeddings out`);
}
