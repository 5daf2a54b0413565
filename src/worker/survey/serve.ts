import type { MessageConnection, RequestType } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import { libraryEntries } from '../../core/library/library';
import { parseEditorEndpoint } from '../../core/llm/editorModels';
import type { LanguageModelSettings } from '../../core/llm/languageModel';
import { settingsOf } from '../../core/llm/languageModel';
import { parseModelName } from '../../core/llm/modelNames';
import { STUDY_TEMPLATE } from '../../core/llm/prompt';
import { createPlan } from '../../node/experiments/createPlan';
import { isCorrected } from '../../node/experiments/planCorpus';
import { readPlan } from '../../node/experiments/planFolder';
import { firstForbidden } from '../../node/llm/policy';
import { readLibrary, removeEncoder } from '../../node/library/library';
import { readTransfers } from '../../node/library/transfers';
import { findCorpora } from '../../node/survey/corpora';
import { findEncoders } from '../../node/survey/encoders';
import { PlanReader } from '../../node/survey/plans';
import { readEncoders, removeEncoder as removeRequest } from '../../protocol/library';
import * as protocol from '../../protocol/survey';

/** Answers the editor's questions about a workspace. */
export function serveSurvey(connection: MessageConnection): void {
  const answer = <P, R>(type: RequestType<P, R, void>, find: (request: P) => Promise<R>): void => {
    connection.onRequest(type, (request: P) => find(request).catch(refuse));
  };
  const plans = new PlanReader();
  answer(protocol.findCorpora, ({ folders, skip }) => findCorpora(folders, skip));
  answer(protocol.findEncoders, ({ folders, skip }) => findEncoders(folders, skip));
  answer(protocol.makePlan, async ({ folder, order }) => {
    const { languageModels, ...rest } = order;
    const asked = languageModels && { ...languageModels, models: languageModels.models.map(settingsOfOrder) };
    const made = await createPlan(folder, { ...rest, ...(asked && { languageModels: asked }) });
    return { added: made.added, isCorrected: made.isCorrected };
  });
  answer(protocol.isPlanCorrected, async ({ folder }) => isCorrected(folder, await readPlan(folder)));
  answer(readEncoders, async ({ library }) =>
    libraryEntries(await readLibrary(library), await readTransfers(library)),
  );
  answer(removeRequest, async ({ library, id }) => {
    await removeEncoder(library, id);
    return null;
  });
  answer(protocol.forbiddenEndpoint, ({ endpoints }) => firstForbidden(endpoints));
  answer(protocol.readPlans, ({ folders }) => plans.read(folders));
}

function settingsOfOrder({
  name,
  endpoint,
}: NonNullable<protocol.PlanOrder['languageModels']>['models'][number]): LanguageModelSettings {
  const besides = { endpoint, shots: 1, template: STUDY_TEMPLATE, grounding: 'in-order' } as const;
  // The names of VS Code's models are its own.
  const isEditors = endpoint !== undefined && parseEditorEndpoint(endpoint) !== undefined;
  return settingsOf(isEditors ? { model: name, effort: undefined } : parseModelName(name), besides);
}

function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new ResponseError(ErrorCodes.InternalError, message);
}
