import type { CorpusDocument } from '../../core/corpus/document';
import type { PlanFile } from '../../core/experiments/plan';
import type { PlanEvent } from '../../core/experiments/planEvents';
import type { DeviceChoice } from '../../core/ports';
import type { FineTuneJob } from '../../core/train/settings/jobs';
import type { FineTuneHooks } from '../training/fineTune';

/** A run of a plan, and how this machine is to compute it. */
export interface RunTask {
  /** The plan's. */
  readonly folder: string;
  readonly id: string;
  readonly device?: DeviceChoice | undefined;
  readonly threads?: number | undefined;
  readonly plan?: FineTuneJob['plan'];
}

/** What carrying out a run needs besides it. */
export interface RunWork {
  readonly task: RunTask;
  readonly plan: PlanFile;
  /** Of the corpus. */
  readonly documents: readonly CorpusDocument[];
  /** The encoder's folder. */
  readonly encoder: string;
  readonly hooks: RunTaskHooks;
}

/** `held`: another process is at it. */
export type RunOutcome = 'finished' | 'stopped' | 'held';

/** What carrying out a run tells. */
export type RunTaskEvent = Extract<PlanEvent, { readonly type: 'run' | 'scoring' }>;

export interface RunTaskHooks extends Pick<FineTuneHooks, 'createEngine' | 'openClassifier' | 'savingShare'> {
  onEvent(event: RunTaskEvent): void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Whether this process does nothing else, so that its memory is the run's. */
  readonly ownProcess?: boolean | undefined;
}
