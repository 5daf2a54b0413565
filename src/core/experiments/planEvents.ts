import type { RunEvent } from '../train/loop/runEvents';

/** How far a plan is. A run of another machine counts once its folder is there. */
export interface PlanProgress {
  readonly finished: number;
  readonly failed: number;
  readonly total: number;
}

/** What carrying out a plan tells, in order. Nothing in it is of a note. */
export type PlanEvent =
  | { readonly type: 'plan'; readonly progress: PlanProgress }
  | { readonly type: 'runStarted'; readonly id: string; readonly progress: PlanProgress }
  /** What the run that is being trained does. */
  | { readonly type: 'run'; readonly id: string; readonly event: RunEvent }
  /** Its test part is being scored. */
  | { readonly type: 'scoring'; readonly id: string; readonly done: number; readonly of: number }
  | { readonly type: 'runFinished'; readonly id: string; readonly progress: PlanProgress }
  /** The plan goes on with the next run; `message` is fit for a person. */
  | {
      readonly type: 'runFailed';
      readonly id: string;
      readonly message: string;
      readonly progress: PlanProgress;
    }
  | { readonly type: 'finished'; readonly progress: PlanProgress };
