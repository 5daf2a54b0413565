import type { DeviceChoice } from '../../core/ports';
import type { DropoutRates, OptimiserOptions, TrainingEngine } from '../../core/train/engine';
import type { MaskedLanguageEngine } from '../../core/train/maskedLanguageEngine';
import { TrainingError } from '../../core/train/trainingError';

export interface EngineOptions {
  readonly device: DeviceChoice;
  readonly optimiser: OptimiserOptions;
  /** Undefined takes those of config.json. */
  readonly dropout: DropoutRates | undefined;
  /** Of the first weights of a head that the checkpoint lacks. */
  readonly seed: number;
  /** By default what fits the memory at hand. */
  readonly plan?: TrainingEngine['plan'] | undefined;
  readonly threads?: number | undefined;
}

export interface TrainingEngineOptions extends EngineOptions {
  /** The outputs of the head. */
  readonly labels: readonly string[];
  /** What a positive counts in the loss, [outputs]; undefined where all count 1. */
  readonly positiveWeights: readonly number[] | undefined;
}

/**
 * An encoder folder as an engine that learns to mark entities.
 * @throws EncoderError when the folder cannot be used
 */
export async function createTrainingEngine(
  folder: string,
  options: TrainingEngineOptions,
): Promise<TrainingEngine> {
  throw notBuiltIn(`${folder} (${options.labels.length} outputs)`);
}

/** The same for masked language modelling. */
export async function createMaskedLanguageEngine(
  folder: string,
  options: EngineOptions,
): Promise<MaskedLanguageEngine> {
  throw notBuiltIn(`${folder} (${options.device})`);
}

function notBuiltIn(what: string): TrainingError {
  return new TrainingError('settings', `${what}: the training engine is not built in`);
}
