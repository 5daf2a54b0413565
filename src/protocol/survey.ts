import { RequestType } from 'vscode-jsonrpc/lib/common/messages';
import type { EvaluationRun, PlanFile, TrainingRun } from '../core/experiments/plan';
import type { PlanSummary } from '../core/experiments/planSummary';
import type { FoundCorpus, FoundEncoder } from '../core/experiments/survey';

/**
 * The whole contract with the process that looks through a workspace for the editor: it reads what may be large, and the
 * extension host stays free. Paths are absolute.
 */

export interface SurveyRequest {
  readonly folders: readonly string[];
  /** Folders not to look into: the experiments. */
  readonly skip: readonly string[];
}

export const findCorpora = new RequestType<SurveyRequest, readonly FoundCorpus[], void>('survey/corpora');
export const findEncoders = new RequestType<SurveyRequest, readonly FoundEncoder[], void>('survey/encoders');

/** The plans in the folders of experiments, those last made first. */
export const readPlans = new RequestType<
  { readonly folders: readonly string[] },
  readonly PlanSummary[],
  void
>('survey/plans');

/** Every combination is a run. */
export interface PlanOrder {
  readonly corpus: string;
  /** Folders of encoders to fine-tune. */
  readonly encoders: readonly string[];
  readonly strategies: readonly TrainingRun['strategy'][];
  readonly schemes: readonly TrainingRun['scheme'][];
  readonly seeds: readonly number[];
  /** Encoders that were fine-tuned before and are only scored. */
  readonly evaluations: readonly {
    readonly encoder: string;
    readonly notes: EvaluationRun['notes'];
    readonly seeds: readonly number[];
  }[];
  /** Language models, asked with the study's prompt and one example. */
  readonly languageModels?: {
    /** `gpt-5-mini@low`; with an endpoint where it is not the provider's own. */
    readonly models: readonly { readonly name: string; readonly endpoint?: string }[];
    readonly seeds: readonly number[];
  };
  readonly training: Partial<PlanFile['training']>;
  /** As the plan has it where nothing is said. */
  readonly keepModels?: PlanFile['keepModels'];
  readonly name: string;
}

/** The first endpoint that the machine's policy does not let notes be sent to, and the file that says so; null for none. */
export const forbiddenEndpoint = new RequestType<
  { readonly endpoints: readonly string[] },
  { readonly host: string; readonly policy: string } | null,
  void
>('survey/forbidden');

/**
 * Makes a plan in a folder, or adds runs to the one that is there; nothing is run. Answers with the ids of the runs that
 * are new, and whether the notes were corrected since the plan was made.
 */
export const makePlan = new RequestType<
  { readonly folder: string; readonly order: PlanOrder },
  { readonly added: readonly string[]; readonly isCorrected: boolean },
  void
>('survey/makePlan');

/** Whether a plan's runs are of notes that were corrected since it was made. */
export const isPlanCorrected = new RequestType<{ readonly folder: string }, boolean, void>(
  'survey/isPlanCorrected',
);
