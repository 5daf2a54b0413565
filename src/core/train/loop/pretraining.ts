import { combineSeeds, seededRng } from '../../random';
import type { StepPlan } from '../data/batches';
import { placeWindows, planSteps } from '../data/batches';
import { epochsFor } from './fineTuning';
import type { PretrainingParameters } from '../settings/hyperParameters';
import type { Epoch, LearningTask, Step } from './learn';
import type { MaskedExample, MaskedLanguageEngine } from '../maskedLanguageEngine';
import type { MaskingOptions, MaskingVocabulary } from '../data/masking';
import { maskWindow } from '../data/masking';
import type { TokenizedText } from '../data/tokenizedNote';

export interface Pretraining {
  readonly engine: MaskedLanguageEngine;
  readonly vocabulary: MaskingVocabulary;
  readonly texts: readonly TokenizedText[];
  readonly parameters: PretrainingParameters;
  readonly longestInput: number;
  readonly seed: number;
}

const PLAN = -1;
const MASK = -2;

/**
 * Masked language modelling as a task of the loop: what is hidden is drawn anew in each epoch, and the loss is the
 * mean over all guesses of a step.
 * @throws TrainingError where the texts are empty
 */
export function pretrainingTask(run: Pretraining): LearningTask<MaskedExample> {
  const { engine, vocabulary, texts, parameters, seed } = run;
  const maxLength = Math.min(parameters.maxLength, run.longestInput);
  const plan = (epoch: number): Epoch<MaskedExample> => {
    const rng = seededRng(combineSeeds(seed, epoch, PLAN));
    const windows = placeWindows(texts, maxLength, parameters.movingCuts ? rng : undefined);
    const steps = planSteps(windows, parameters.batching, rng);
    const step = (index: number): Step<MaskedExample> =>
      maskedStep(steps[index]!, texts, { ...parameters, vocabulary }, combineSeeds(seed, epoch, MASK, index));
    return { steps: steps.length, step };
  };
  const epochs = epochsFor(plan(0).steps, parameters);
  return { engine, plan, ...parameters, epochs, patience: null, padTo: null, seed };
}

function maskedStep(
  { computed }: StepPlan,
  texts: readonly TokenizedText[],
  options: MaskingOptions,
  seed: number,
): Step<MaskedExample> {
  const rng = seededRng(seed);
  const masked = computed.map((batch) =>
    batch.map((window) => maskWindow(texts[window.note]!, window, options, rng)),
  );
  const guesses = masked.flat().reduce((sum, { positions }) => sum + positions.length, 0);
  const windows = computed.flat();
  return {
    batches: masked.map((batch) => batch.map((example) => ({ ...example, weight: 1 / guesses }))),
    notes: windows.reduce((sum, { share }) => sum + share, 0),
    tokens: windows.reduce((sum, { length }) => sum + length, 0),
  };
}
