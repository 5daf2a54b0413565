import { z } from 'zod';

const validationScores = z.object({
  microF1: z.number(),
  macroF1: z.number(),
  /** At which both were counted. */
  threshold: z.number(),
});

export const epochRecord = z.object({
  /** From 0. */
  epoch: z.int(),
  /** Mean over the epoch's steps. */
  loss: z.number(),
  /** Null where there are no validation notes. */
  validation: validationScores.nullable(),
});

/** Where a run stands between two steps. With the engine's own state it is all that resuming needs. */
export const learningState = z.object({
  /** The epoch and the step in it that come next, from 0. `step` is the number of steps when validation comes next. */
  epoch: z.int().min(0),
  step: z.int().min(0),
  updates: z.int().min(0),
  /** Sum of the losses of the epoch's steps so far. */
  lossSum: z.number(),
  history: z.array(epochRecord).readonly(),
  /** The epoch whose weights are to be kept. */
  best: epochRecord.nullable(),
  finished: z.enum(['epochs', 'patience']).nullable(),
});

export type ValidationScores = z.infer<typeof validationScores>;
export type EpochRecord = z.infer<typeof epochRecord>;
export type LearningState = z.infer<typeof learningState>;

export const START: LearningState = {
  epoch: 0,
  step: 0,
  updates: 0,
  lossSum: 0,
  history: [],
  best: null,
  finished: null,
};

export interface StepEvent {
  readonly type: 'step';
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Steps in this epoch. */
  readonly steps: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Notes and tokens that the step read, a window being its share of a note. */
  readonly notes: number;
  readonly tokens: number;
  /** Of the whole run, 0 to 1, after this step. */
  readonly progress: number;
}

export interface EpochEvent extends EpochRecord {
  readonly type: 'epoch';
  readonly epochs: number;
  /** Whether these are the best weights so far, or the last where nothing is validated. */
  readonly best: boolean;
}

/** A good moment to save `state` with the engine's own. `best`: its weights are now the ones to keep. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly reason: 'steps' | 'epoch' | 'stopped';
  readonly best: boolean;
  readonly state: LearningState;
}

export interface FinishedEvent {
  readonly type: 'finished';
  readonly reason: 'epochs' | 'patience' | 'stopped';
  readonly state: LearningState;
}

export type LearningEvent = StepEvent | EpochEvent | CheckpointEvent | FinishedEvent;
