import * as vscode from 'vscode';
import type { EvaluationRun } from '../../core/experiments/plan';
import type { PlanSummary } from '../../core/experiments/planSummary';
import type { PlanOrder } from '../../protocol/survey';
import { makePlan } from '../../protocol/survey';
import { errorInWords } from '../refusal';
import type { TrainingChoices } from './choices';
import { experimentFolder, nameOf } from './folders';
import type { Plans } from './plans';
import type { Survey } from './survey';

export type PlanKind = 'train' | 'evaluate' | 'strategies' | 'models' | 'language-models';

/** What every run trains with, as its plan has it. */
export function trainingSettings({ preset, epochs }: TrainingChoices): PlanOrder['training'] {
  return { preset, ...(epochs === null ? {} : { epochs }) };
}

type Keeping = NonNullable<PlanOrder['keepModels']>;

/** Runs that train each encoder. */
export function trainingOrder(
  corpus: string,
  encoders: readonly string[],
  choices: TrainingChoices,
  keepModels: Keeping,
): Omit<PlanOrder, 'name'> {
  const { strategies, schemes, seeds } = choices;
  const training = trainingSettings(choices);
  return { corpus, encoders, strategies, schemes, seeds, evaluations: [], training, keepModels };
}

/** Runs that score models as they are. */
export function evaluationOrder(
  corpus: string,
  models: readonly string[],
  notes: EvaluationRun['notes'],
  seed: number,
): Omit<PlanOrder, 'name'> {
  const evaluations = models.map((encoder) => ({ encoder, notes, seeds: [seed] }));
  const none = { encoders: [], strategies: [], schemes: [], seeds: [], training: {} };
  return { corpus, ...none, evaluations, keepModels: 'none' };
}

type OrderedModels = NonNullable<PlanOrder['languageModels']>['models'];

/** Runs that ask language models. */
export function languageModelOrder(
  corpus: string,
  models: OrderedModels,
  seeds: readonly number[],
): Omit<PlanOrder, 'name'> {
  const none = { encoders: [], strategies: [], schemes: [], seeds: [], evaluations: [], training: {} };
  return withLanguageModels({ corpus, ...none, keepModels: 'none' }, models, seeds);
}

/** The same runs, and language models that are asked about the test notes of the same splits. */
export function withLanguageModels(
  order: Omit<PlanOrder, 'name'>,
  models: OrderedModels,
  seeds: readonly number[],
): Omit<PlanOrder, 'name'> {
  return { ...order, languageModels: { models, seeds } };
}

/**
 * Makes a plan in a folder of its own and has it carried out. The person is told what is wrong where that cannot be.
 * @returns the plan's folder
 */
export async function startPlan(
  survey: Survey,
  plans: Plans,
  kind: PlanKind,
  order: Omit<PlanOrder, 'name'>,
): Promise<string | undefined> {
  try {
    const { folder, name } = await newPlanFolder(kind, order.corpus);
    return await makeAndStart(survey, plans, folder.fsPath, { ...order, name });
  } catch (error) {
    void vscode.window.showErrorMessage(errorInWords(error));
    return undefined;
  }
}

/** Adds runs to a plan that is there, and has it carried out. What it keeps of models it goes on to keep. */
export async function addToPlan(
  survey: Survey,
  plans: Plans,
  { folder, name }: Pick<PlanSummary, 'folder' | 'name'>,
  { keepModels, ...order }: Omit<PlanOrder, 'name'>,
): Promise<string | undefined> {
  try {
    const more = keepModels === 'all' ? { keepModels } : {};
    return await makeAndStart(survey, plans, folder, { ...order, ...more, name });
  } catch (error) {
    void vscode.window.showErrorMessage(errorInWords(error));
    return undefined;
  }
}

async function makeAndStart(survey: Survey, plans: Plans, folder: string, order: PlanOrder): Promise<string> {
  const { isCorrected } = await survey.ask(makePlan, { folder, order });
  if (isCorrected) tellCorrected(folder);
  await plans.start(folder);
  return folder;
}

/** A plan is of the notes as they were when it was made; whoever corrected some since would expect otherwise. */
export function tellCorrected(folder: string): void {
  const message = vscode.l10n.t(
    '{0}: notes were corrected since it was made. Its runs learn the notes as they were; a new plan picks the corrections up.',
    nameOf(folder),
  );
  void vscode.window.showInformationMessage(message);
}

/** `2026-03-27-train`, with a number behind it where there is one already. */
async function newPlanFolder(kind: PlanKind, corpus: string): Promise<{ folder: vscode.Uri; name: string }> {
  const workspace = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(corpus));
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const parent = experimentFolder((workspace ?? first!).uri);
  const now = new Date();
  const date = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${date}-${kind}` : `${date}-${kind}-${count}`;
    const folder = vscode.Uri.joinPath(parent, name);
    const isThere = await vscode.workspace.fs.stat(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) return { folder, name };
  }
}
