import * as vscode from 'vscode';
import { chooseCorpus, corporaOfWorkspace } from '../experiments/chooseCorpus';
import type { FlowContext } from '../experiments/flows';
import { languageModelOrder, startPlan } from '../experiments/order';
import type { Place } from '../experiments/pick';
import type { ChosenModel } from './chooseModels';
import { chooseModels, endpointOf } from './chooseModels';
import { mayAsk } from './permission';
import type { Remote } from './register';

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
  remote: Pick<Remote, 'consent' | 'keys' | 'person'>,
  given: GivenModels = {},
): Promise<string | undefined> {
  const title = vscode.l10n.t('Compare Language Models');
  const corpora = await corporaOfWorkspace(context.survey);
  context.check.show(corpora);
  const named = corpora.find(({ path }) => path === given.corpus);
  // A corpus that is the only one is not asked for.
  const steps = named || corpora.filter(({ annotated }) => annotated > 0).length <= 1 ? 1 : 2;
  for (;;) {
    const answer = named
      ? { picked: named }
      : await chooseCorpus(corpora, { title, step: 1, steps }, undefined);
    if (typeof answer !== 'object') return undefined;
    const models = await askableModels(context, remote, { title, step: steps, steps }, given.models);
    if (models === 'back') continue;
    if (!models) return undefined;
    const order = languageModelOrder(answer.picked.path, models, given.seeds ?? [1]);
    return startPlan(context.survey, context.plans, 'language-models', order);
  }
}

/** Language models that the person chose and lets notes be sent to; undefined where that comes to nothing. */
export async function askableModels(
  { survey }: Pick<FlowContext, 'survey'>,
  remote: Pick<Remote, 'consent' | 'keys' | 'person'>,
  place: Place,
  given?: readonly ChosenModel[],
): Promise<readonly ChosenModel[] | 'back' | undefined> {
  const models = given ?? (await chooseModels(place));
  if (typeof models !== 'object') return models;
  if (models.length === 0) return undefined;
  return (await mayAsk(models.map(endpointOf), remote, survey)) ? models : undefined;
}
