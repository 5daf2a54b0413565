import type { CorpusDocument } from '../../corpus/document';
import type { TokenTask } from '../../evaluate/tokenRows';
import type { Predictor } from '../../predict/predictor';
import type { PredictionSettings } from '../../predict/settings';
import { predictionSettings } from '../../predict/settings';
import type { Rng, TokenClassifier } from '../../ports';
import { combineSeeds, seededRng } from '../../random';
import type { Tokenizer } from '../../tokenize/encoding';
import { placeWindows, planSteps } from '../data/batches';
import type { TrainingEngine, TrainingExample } from '../engine';
import { stepExamples } from '../data/examples';
import type { HyperParameters } from '../settings/hyperParameters';
import type { Epoch, Learner, LearningTask } from './learn';
import { tokenizeNote } from '../data/tokenizedNote';
import type { TokenizedNote } from '../data/tokenizedNote';
import { TrainingError } from '../trainingError';
import { validationScores } from '../decision/validation';

export interface FineTuning {
  readonly engine: Learner<TrainingExample> & TokenClassifier & Partial<Pick<TrainingEngine, 'textsApart'>>;
  readonly tokenizer: Tokenizer;
  /** One of `noteTokenizer`, where notes have been tokenised before. */
  readonly tokenize?: NoteTokenizer;
  /** As `balance` leaves them, or made for each epoch, counted from 0: a function of its number alone. */
  readonly training: readonly CorpusDocument[] | ((epoch: number) => readonly CorpusDocument[]);
  readonly validation: readonly CorpusDocument[];
  readonly task: TokenTask;
  readonly parameters: HyperParameters;
  /** The longest input of the encoder and its tokenizer. */
  readonly longestInput: number;
  readonly seed: number;
}

/** Tokenises notes to learn from; a document that comes several times, or in every epoch, once. */
export type NoteTokenizer = (document: CorpusDocument) => TokenizedNote;

export function noteTokenizer(tokenizer: Tokenizer, task: TokenTask): NoteTokenizer {
  const known = new WeakMap<CorpusDocument, TokenizedNote>();
  return (document) => {
    const tokenized = known.get(document) ?? tokenizeNote(document, tokenizer, task);
    known.set(document, tokenized);
    return tokenized;
  };
}

/** What is drawn for an epoch's plan must not be what its dropout masks are drawn from. */
const PLAN = -1;

/**
 * Fine-tuning as a task of the loop.
 * @throws TrainingError where there is nothing to learn from
 */
export function fineTuningTask(run: FineTuning): LearningTask<TrainingExample> {
  const { engine, tokenizer, validation, task, parameters, seed } = run;
  const { training, tokenize = noteTokenizer(tokenizer, task) } = run;
  const notesOf = (epoch: number) =>
    (typeof training === 'function' ? training(epoch) : training).map(tokenize);
  const maxLength = Math.min(parameters.maxLength, run.longestInput);
  const plan = (epoch: number): Epoch<TrainingExample> =>
    planEpoch(
      notesOf(epoch),
      { ...parameters, maxLength },
      seededRng(combineSeeds(seed, epoch, PLAN)),
      engine.textsApart,
    );
  const settings = trainingSettings(task, run.longestInput);
  const predictor: Predictor = { classifier: engine, tokenizer, settings };
  return {
    engine,
    plan,
    validate:
      validation.length === 0
        ? undefined
        : (signal) => validationScores(validation, predictor, task, parameters.selection, signal),
    ...parameters,
    epochs: epochsFor(plan(0).steps, parameters),
    seed,
  };
}

/** How the weights are scored while they learn: uncalibrated, one threshold for all. */
export function trainingSettings({ outputs, scheme }: TokenTask, longestInput: number): PredictionSettings {
  return predictionSettings({ scheme }, outputs, longestInput, 'multi_label_classification');
}

/** @throws TrainingError where an epoch would have no step */
export function epochsFor(
  stepsInEpoch: number,
  { epochs, minimumSteps }: Pick<HyperParameters, 'epochs' | 'minimumSteps'>,
): number {
  if (stepsInEpoch === 0)
    throw new TrainingError('settings', 'the training notes hold no text to learn from');
  return Math.max(epochs, Math.ceil(minimumSteps / stepsInEpoch));
}

function planEpoch(
  notes: readonly TokenizedNote[],
  { batching, maxLength, movingCuts, loss }: HyperParameters,
  rng: Rng,
  textsApart: number | undefined,
): Epoch<TrainingExample> {
  const windows = placeWindows(notes, maxLength, movingCuts ? rng : undefined);
  const steps = planSteps(windows, batching, rng, textsApart);
  return {
    steps: steps.length,
    step: (index) => {
      const windows = steps[index]!.drawn.flat();
      return {
        batches: stepExamples(steps[index]!, notes, loss),
        notes: windows.reduce((sum, { share }) => sum + share, 0),
        tokens: windows.reduce((sum, { length }) => sum + length, 0),
      };
    },
  };
}
