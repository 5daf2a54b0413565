import * as vscode from 'vscode';
import { chooseCorpus, corporaOfWorkspace } from '../experiments/chooseCorpus';
import type { FlowContext } from '../experiments/flows';
import { languageModelOrder, startPlan } from '../experiments/order';
import type { ChosenModel } from './chooseModels';
import { chooseModels, endpointOf } from './chooseModels';
import type { Consent } from './consent';
import type { Keys } from './keys';

/** What the command may be told instead of asking. */
export interface GivenModels {
  readonly corpus?: string;
  readonly models?: readonly ChosenModel[];
  readonly seeds?: readonly number[];
}

/**
 * Asks language models about the test notes of a corpus, as runs of a plan; nothing is made or sent where the person
 * does not agree to every host.
 * @returns the plan's folder
 */
export async function compareLanguageModels(
  context: FlowContext,
  { consent, keys }: { readonly consent: Consent; readonly keys: Keys },
  given: GivenModels = {},
): Promise<string | undefined> {
  const title = vscode.l10n.t('Compare Language Models');
  const corpora = await corporaOfWorkspace(context.survey);
  context.check.show(corpora);
  const named = corpora.find(({ path }) => path === given.corpus);
  const answer = named
    ? { picked: named }
    : await chooseCorpus(corpora, { title, step: 1, steps: 2 }, undefined);
  if (typeof answer !== 'object') return undefined;
  const models = given.models ?? (await chooseModels({ title, step: 2, steps: 2 }));
  if (!models || models.length === 0) return undefined;
  const endpoints = models.map(endpointOf);
  if (!(await consent.ask(endpoints))) return undefined;
  for (const endpoint of new Set(endpoints)) if (!(await keys.need(endpoint))) return undefined;
  const order = languageModelOrder(answer.picked.path, models, given.seeds ?? [1]);
  return startPlan(context.survey, context.plans, 'language-models', order);
}
