import * as vscode from 'vscode';
import { hostOf } from '../../core/hosts';
import { forbiddenEndpoint } from '../../protocol/survey';
import type { Survey } from '../experiments/survey';
import { howToGetOne, isOffered } from './editorModels';
import type { Remote } from './register';

/**
 * Whether notes of this workspace may be sent to all of some endpoints: by the machine's administrator, by the person,
 * who is asked about each where that is new, and by the endpoint, which may want a key. The person hears why not.
 */
export async function mayAsk(
  endpoints: readonly string[],
  { consent, keys, person }: Pick<Remote, 'consent' | 'keys' | 'person'>,
  survey: Pick<Survey, 'ask'>,
): Promise<boolean> {
  const forbidden = await survey.ask(forbiddenEndpoint, { endpoints });
  if (forbidden) {
    person.isWarned(
      vscode.l10n.t(
        'Notes are not sent to {0}: the policy of this machine’s administrator ({1}) forbids it, or cannot be read.',
        forbidden.host,
        forbidden.policy,
      ),
    );
    return false;
  }
  for (const endpoint of new Set(endpoints))
    if (!(await isOffered(endpoint))) {
      person.isWarned(
        vscode.l10n.t('VS Code has no language model {0} now. {1}', hostOf(endpoint), howToGetOne()),
      );
      return false;
    }
  if (!(await consent.ask(endpoints))) return false;
  for (const endpoint of new Set(endpoints)) if (!(await keys.need(endpoint))) return false;
  return true;
}
