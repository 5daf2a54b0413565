import type { MessageConnection, RequestType } from 'vscode-jsonrpc';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import { libraryEntries } from '../../core/library/library';
import { createPlan } from '../../node/experiments/createPlan';
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
    const { added } = await createPlan(folder, order);
    return { added };
  });
  answer(readEncoders, async ({ library }) =>
    libraryEntries(await readLibrary(library), await readTransfers(library)),
  );
  answer(removeRequest, async ({ library, id }) => {
    await removeEncoder(library, id);
    return null;
  });
  answer(protocol.readPlans, ({ folders }) => plans.read(folders));
}

function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new ResponseError(ErrorCodes.InternalError, message);
}
