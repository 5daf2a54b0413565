import type { CorpusDocument, ReadResult } from '../../core/corpus/document';
import type { PlanFile } from '../../core/experiments/plan';
import type { PlanEvent } from '../../core/experiments/planEvents';
import type { AskEditor } from '../../core/llm/editorModels';
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
  /** In bytes. */
  readonly memory?: number | undefined;
  readonly asking?: AskingTask | undefined;
}

/** How this machine asks language models. */
export interface AskingTask {
  /** Hosts that somebody agreed to send the words of notes to. */
  readonly agreed: readonly string[];
  readonly concurrency?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Seconds that an answer may take. */
  readonly timeout?: number | undefined;
  /** A file of prices that count before those of the project. */
  readonly prices?: string | undefined;
}

/** What carrying out a run needs besides it. */
export interface RunWork {
  readonly task: RunTask;
  readonly plan: PlanFile;
  /** The plan's, read, and its notes. */
  readonly corpus: ReadResult;
  readonly documents: readonly CorpusDocument[];
  readonly hooks: RunTaskHooks;
}

/** The same of a run that has an encoder. */
export interface EncoderWork extends RunWork {
  /** The encoder's folder. */
  readonly encoder: string;
}

/** `held`: another process is at it. */
export type RunOutcome = 'finished' | 'stopped' | 'held';

/** What carrying out a run tells. */
export type RunTaskEvent = Extract<PlanEvent, { readonly type: 'run' | 'scoring' }>;

export interface RunTaskHooks extends Pick<FineTuneHooks, 'createEngine' | 'openClassifier' | 'savingShare'> {
  onEvent(event: RunTaskEvent): void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Asks language models of VS Code; undefined where no window of it can be reached. */
  readonly askEditor?: AskEditor | undefined;
  /** Whether this process does nothing else, so that its memory is the run's. */
  readonly ownProcess?: boolean | undefined;
}
