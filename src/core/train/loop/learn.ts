import { combineSeeds } from '../../random';
import type { UpdateOptions } from '../engine';
import type {
  EpochRecord,
  LearningEvent,
  LearningState,
  StepEvent,
  ValidationScores,
} from './learningEvents';
import { START } from './learningEvents';
import { linearSchedule } from './schedule';
import { diverged } from '../trainingError';

/** What the loop asks of an engine: any that adds up gradients and then moves. */
export interface Learner<Example> {
  accumulate(batch: readonly Example[], seed: number, length?: number): Promise<number>;
  update(options: UpdateOptions): Promise<number>;
}

/** The batches of one step, weights set so that the sum over all is the step's loss. */
export interface Step<Example> {
  readonly batches: readonly (readonly Example[])[];
  readonly notes: number;
  readonly tokens: number;
}

/** The steps of an epoch, made when their turn comes. */
export interface Epoch<Example> {
  readonly steps: number;
  step(index: number): Step<Example>;
}

export interface LearningTask<Example> {
  readonly engine: Learner<Example>;
  /** A function of its number alone: a run that is taken up plans the same epoch again. */
  plan(epoch: number): Epoch<Example>;
  /** Scores the present weights; undefined where there is nothing to score them on. */
  readonly validate?: ((signal?: AbortSignal) => Promise<ValidationScores>) | undefined;
  readonly epochs: number;
  readonly learningRate: number;
  readonly warmUp: number;
  readonly maxGradientNorm: number | null;
  readonly patience: number | null;
  readonly padTo: number | null;
  readonly checkpointSteps: number;
  readonly seed: number;
}

/**
 * Gradient descent from `state` on, to the last epoch or as long as validation gains by it. Saves nothing: it yields
 * what happens, and the moments at which the caller may save. Everything that is drawn by lot depends on the seed,
 * the epoch and the step alone, so that a run taken up at any checkpoint goes on as if it had never stopped.
 *
 * On abort it yields a last checkpoint and ends; of a step that is under way, what its batches gave is dropped.
 * @throws TrainingError where loss, gradient or scores are no longer numbers
 */
export async function* learn<Example>(
  task: LearningTask<Example>,
  state: LearningState = START,
  signal?: AbortSignal,
): AsyncGenerator<LearningEvent> {
  while (!state.finished) {
    const epoch = task.plan(state.epoch);
    state = yield* learnEpoch(task, epoch, state, signal);
    const scores = signal?.aborted ? 'aborted' : await validated(task, state, signal);
    if (scores === 'aborted') {
      yield { type: 'checkpoint', reason: 'stopped', best: false, state };
      yield { type: 'finished', reason: 'stopped', state };
      return;
    }
    const record = { epoch: state.epoch, loss: state.lossSum / Math.max(1, epoch.steps), validation: scores };
    const best = isBest(task, state, record);
    state = afterEpoch(task, state, record, best);
    yield { type: 'epoch', epochs: task.epochs, best, ...record };
    yield { type: 'checkpoint', reason: 'epoch', best, state };
  }
  yield { type: 'finished', reason: state.finished, state };
}

/** The steps that are left of an epoch, or those until the signal. */
async function* learnEpoch<Example>(
  task: LearningTask<Example>,
  epoch: Epoch<Example>,
  state: LearningState,
  signal: AbortSignal | undefined,
): AsyncGenerator<LearningEvent, LearningState> {
  while (state.step < epoch.steps && !signal?.aborted) {
    const event = await takeStep(task, epoch, state, signal);
    if (!event) return state;
    const { lossSum, updates, step } = state;
    state = { ...state, step: step + 1, updates: updates + 1, lossSum: lossSum + event.loss };
    yield event;
    if (state.step % task.checkpointSteps === 0 && state.step < epoch.steps)
      yield { type: 'checkpoint', reason: 'steps', best: false, state };
  }
  return state;
}

/** @returns undefined where the signal came between two of its batches */
async function takeStep<Example>(
  task: LearningTask<Example>,
  plan: Epoch<Example>,
  { epoch, step }: LearningState,
  signal: AbortSignal | undefined,
): Promise<StepEvent | undefined> {
  const { engine, epochs, seed, padTo } = task;
  const done = (at: number): number => (epoch + at / plan.steps) / epochs;
  const learningRate = task.learningRate * linearSchedule(done(step), task.warmUp);
  const { batches, notes, tokens } = plan.step(step);
  let loss = 0;
  for (const [i, batch] of batches.entries()) {
    if (signal?.aborted) return undefined;
    loss += await engine.accumulate(batch, combineSeeds(seed, epoch, step, i), padTo ?? undefined);
    if (!Number.isFinite(loss)) throw diverged('the loss', epoch, step, learningRate);
  }
  const gradientNorm = await engine.update({
    learningRate,
    maxGradientNorm: task.maxGradientNorm ?? Infinity,
  });
  if (!Number.isFinite(gradientNorm)) throw diverged('the gradient', epoch, step, learningRate);
  const position = { epoch, epochs, step, steps: plan.steps };
  return {
    type: 'step',
    ...position,
    loss,
    gradientNorm,
    learningRate,
    notes,
    tokens,
    progress: done(step + 1),
  };
}

async function validated<Example>(
  task: LearningTask<Example>,
  { epoch, step }: LearningState,
  signal: AbortSignal | undefined,
): Promise<ValidationScores | null | 'aborted'> {
  if (!task.validate) return null;
  try {
    const scores = await task.validate(signal);
    if (!Number.isFinite(scores.microF1))
      throw diverged('the validation score', epoch, step, task.learningRate);
    return scores;
  } catch (error) {
    if (signal?.aborted) return 'aborted';
    throw error;
  }
}

function isBest<Example>(task: LearningTask<Example>, { best }: LearningState, record: EpochRecord): boolean {
  if (!record.validation) return record.epoch === task.epochs - 1;
  return record.validation.microF1 > (best?.validation?.microF1 ?? -Infinity);
}

function afterEpoch<Example>(
  { epochs, patience }: LearningTask<Example>,
  state: LearningState,
  record: EpochRecord,
  isBest: boolean,
): LearningState {
  const best = isBest ? record : state.best;
  const waited = best ? record.epoch - best.epoch : 0;
  const impatient = patience !== null && record.validation !== null && waited >= patience;
  return {
    epoch: state.epoch + 1,
    step: 0,
    updates: state.updates,
    lossSum: 0,
    history: [...state.history, record],
    best,
    finished: state.epoch + 1 >= epochs ? 'epochs' : impatient ? 'patience' : null,
  };
}
