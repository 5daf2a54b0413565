import type { Problem } from '../../corpus/document';
import type { EpochEvent, LearningState, StepEvent } from './learningEvents';
import type { ValidationScores } from './learningEvents';

/** What a run does, in the words of the person who started it. */
export interface StartedEvent {
  readonly type: 'started';
  readonly encoder: string;
  /** Notes, repeated ones counted again. */
  readonly notes: { readonly training: number; readonly validation: number; readonly test: number };
  readonly outputs: readonly string[];
  readonly epochs: number;
  readonly device: string;
  readonly plan: string | undefined;
  /** Bytes that the plan was chosen by though nobody knows whether they are there: of a graphics processor. */
  readonly assumedMemory?: number | undefined;
  /** Where the run was taken up; undefined where it begins. */
  readonly resumedAt: { readonly epoch: number; readonly step: number } | undefined;
}

/** A checkpoint is on the disk: from now on a run goes on from here. */
export interface SavedEvent {
  readonly type: 'saved';
  readonly epoch: number;
  readonly step: number;
}

export interface NoticeEvent {
  readonly type: 'notice';
  readonly message: string;
}

export interface ProblemEvent {
  readonly type: 'problem';
  readonly problem: Problem;
}

/** Scores of the finished model on a part of the corpus that it was not trained on. */
export interface PartScores {
  readonly notes: number;
  /** Tokens at one threshold, which was chosen on validation. */
  readonly tokens: ValidationScores;
  /** F1 of entities in the source text, whatever the tokenizer. */
  readonly characters: { readonly microF1: number; readonly macroF1: number };
  readonly words: { readonly microF1: number; readonly macroF1: number };
  readonly entities: { readonly microF1: number; readonly macroF1: number };
}

export interface RunResult {
  readonly type: 'result';
  readonly reason: LearningState['finished'] | 'stopped';
  readonly out: string;
  /** From 0; null where nothing was validated, and where the run was stopped. */
  readonly bestEpoch: number | null;
  readonly scores: { readonly validation?: PartScores; readonly test?: PartScores };
}

export type RunEvent =
  StartedEvent | StepEvent | EpochEvent | SavedEvent | NoticeEvent | ProblemEvent | RunResult;
