import * as vscode from 'vscode';
import type { EvaluationRun } from '../../core/experiments/plan';
import type { PlanOrder } from '../../protocol/survey';
import { makePlan } from '../../protocol/survey';
import { errorInWords } from '../refusal';
import type { TrainingChoices } from './choices';
import { experimentFolder } from './folders';
import type { Plans } from './plans';
import type { Survey } from './survey';

export type PlanKind = 'train' | 'evaluate' | 'strategies' | 'models' | 'language-models';

/** Runs that train each encoder. */
export function trainingOrder(
  corpus: string,
  encoders: readonly string[],
  { strategies, schemes, seeds, preset, epochs }: TrainingChoices,
  keepModels: PlanOrder['keepModels'],
): Omit<PlanOrder, 'name'> {
  const training = { preset, ...(epochs === null ? {} : { epochs }) };
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
    await survey.ask(makePlan, { folder: folder.fsPath, order: { ...order, name } });
    await plans.start(folder.fsPath);
    return folder.fsPath;
  } catch (error) {
    void vscode.window.showErrorMessage(errorInWords(error));
    return undefined;
  }
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
