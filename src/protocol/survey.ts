import { RequestType } from 'vscode-jsonrpc';
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
