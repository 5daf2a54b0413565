import type { StepEvent } from '../train/loop/learningEvents';
import type { RunEvent } from '../train/loop/runEvents';
import type { PlanEvent, PlanProgress } from './planEvents';

/** The run under way, as a person wants to see it. */
export interface RunState {
  readonly id: string;
  readonly phase: 'preparing' | 'training' | 'scoring';
  /** From 0. */
  readonly epoch: number;
  readonly epochs: number;
  /** The last one taken, from 0, of so many in its epoch; 0 before the first. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number | null;
  /** Micro F1 of the last two epochs that were validated, the last one first. */
  readonly validationF1: readonly number[];
  readonly notesPerSecond: number | null;
  /** Of the run, 0 to 1; scoring comes on top. */
  readonly progress: number;
  /** Milliseconds of the clock that `planState` is given, and how far the run was then. */
  readonly startedAt: number;
  readonly startedWith: number | null;
  readonly notes: number;
}

/** How a plan's process ended: `stopped` by a person, `failed` where it cannot go on at all. */
export type PlanEnd = 'finished' | 'stopped' | 'failed';

/** How far a plan is, what it does, and how fast. */
export interface PlanState {
  readonly progress: PlanProgress;
  readonly run: RunState | null;
  readonly failures: readonly { readonly id: string; readonly message: string }[];
  /** Runs that this process carried out from their beginning, and the milliseconds that they took together. */
  readonly measured: { readonly runs: number; readonly milliseconds: number };
  readonly end: { readonly reason: PlanEnd; readonly message?: string } | null;
}

/** What the process that carries out a plan tells: the plan's events, and at last how it ended. */
export type RunnerEvent =
  PlanEvent | { readonly type: 'ended'; readonly reason: PlanEnd; readonly message?: string };

export const UNKNOWN_PLAN: PlanState = {
  progress: { finished: 0, failed: 0, total: 0 },
  run: null,
  failures: [],
  measured: { runs: 0, milliseconds: 0 },
  end: null,
};

/** The state after an event. @param at milliseconds of any clock that only goes forward, the same for all events */
export function planState(state: PlanState, event: RunnerEvent, at: number): PlanState {
  switch (event.type) {
    case 'plan':
      return { ...state, progress: event.progress };
    case 'runStarted':
      return { ...state, progress: event.progress, run: newRun(event.id, at) };
    case 'run':
      return withRun(state, event.id, (run) => runState(run, event.event, at));
    case 'scoring':
      return withRun(state, event.id, (run) => ({ ...run, phase: 'scoring', progress: 1 }));
    case 'runFinished':
      return { ...state, progress: event.progress, run: null, measured: measuredAfter(state, at) };
    case 'runFailed':
      return {
        ...state,
        progress: event.progress,
        run: null,
        failures: [...state.failures, { id: event.id, message: event.message }],
      };
    case 'finished':
      return { ...state, progress: event.progress, run: null };
    case 'ended': {
      const { reason, message } = event;
      return { ...state, run: null, end: message === undefined ? { reason } : { reason, message } };
    }
  }
}

function newRun(id: string, at: number): RunState {
  return {
    id,
    phase: 'preparing',
    epoch: 0,
    epochs: 0,
    step: 0,
    steps: 0,
    loss: null,
    validationF1: [],
    notesPerSecond: null,
    progress: 0,
    startedAt: at,
    startedWith: null,
    notes: 0,
  };
}

function withRun(state: PlanState, id: string, change: (run: RunState) => RunState): PlanState {
  return state.run?.id === id ? { ...state, run: change(state.run) } : state;
}

function runState(run: RunState, event: RunEvent, at: number): RunState {
  if (event.type === 'started')
    return {
      ...run,
      phase: 'training',
      epochs: event.epochs,
      epoch: event.resumedAt?.epoch ?? 0,
      startedAt: at,
    };
  if (event.type === 'step') return afterStep(run, event, at);
  if (event.type !== 'epoch' || !event.validation) return run;
  return { ...run, validationF1: [event.validation.microF1, ...run.validationF1.slice(0, 1)] };
}

function afterStep(run: RunState, event: StepEvent, at: number): RunState {
  const notes = run.notes + event.notes;
  const seconds = Math.max(1e-3, (at - run.startedAt) / 1000);
  return {
    ...run,
    phase: 'training',
    epoch: event.epoch,
    epochs: event.epochs,
    step: event.step,
    steps: event.steps,
    loss: event.loss,
    notes,
    notesPerSecond: notes / seconds,
    progress: event.progress,
    startedWith: run.startedWith ?? event.progress - 1 / event.steps / event.epochs,
  };
}

/** A run that was taken up tells less than a whole one would, and one whose results are another's tells nothing. */
function measuredAfter({ measured, run }: PlanState, at: number): PlanState['measured'] {
  if (!run || run.phase === 'preparing' || (run.startedWith ?? 0) > 1e-6) return measured;
  return { runs: measured.runs + 1, milliseconds: measured.milliseconds + at - run.startedAt };
}

/** Milliseconds until the plan is done, from what this process has measured; null while it has measured nothing. */
export function millisecondsLeft({ progress, run, measured }: PlanState, now: number): number | null {
  const waiting = progress.total - progress.finished - progress.failed - (run ? 1 : 0);
  const running = run ? wholeRun(run, now) : null;
  const each = measured.runs > 0 ? measured.milliseconds / measured.runs : running;
  if (each === null) return waiting <= 0 && !run ? 0 : null;
  const ofThis = run ? (running ?? each) * (1 - run.progress) : 0;
  return Math.max(0, waiting) * each + ofThis;
}

/** What the run under way would take from beginning to end, null before its first step. */
function wholeRun(run: RunState, now: number): number | null {
  const done = run.progress - (run.startedWith ?? run.progress);
  return done > 0 && run.phase === 'training' ? (now - run.startedAt) / done : null;
}
