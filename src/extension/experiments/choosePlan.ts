import * as vscode from 'vscode';
import type { PlanSummary } from '../../core/experiments/planSummary';
import type { PlanToAddTo } from '../../core/experiments/plansToAddTo';
import type { Answer, Place } from './pick';
import { pickOne } from './pick';
import { planName } from './words';

/** More plans than these tell a person nothing. */
const MOST_OFFERED = 3;

/** Null stands for a new plan. */
export type PlanChoice = PlanSummary | null;

/** Whether runs become a plan of their own or are added to one of the same notes and settings, which has some already. */
export async function choosePlan(
  place: Place,
  candidates: readonly PlanToAddTo[],
  asked: number,
): Promise<Answer<PlanChoice>> {
  if (candidates.length === 0) return { picked: null };
  const items = planItems(candidates, asked);
  const placeholder = vscode.l10n.t('Runs that are finished are not trained again in the plan that has them');
  const answer = await pickOne({ ...place, placeholder, items });
  return typeof answer === 'object' ? { picked: answer.picked.plan } : answer;
}

export interface PlanItem extends vscode.QuickPickItem {
  readonly plan: PlanChoice;
}

/** Plans that have finished some of the runs come first, a new one before those that have none. */
export function planItems(candidates: readonly PlanToAddTo[], asked: number): PlanItem[] {
  const own = {
    label: `$(new-folder) ${vscode.l10n.t('A new plan')}`,
    description: vscode.l10n.t('carries out all of its runs: {0}', asked),
    plan: null,
  };
  const items = candidates.slice(0, MOST_OFFERED).map(addItem(asked));
  const some = candidates.filter(({ finished }) => finished > 0).length;
  return [...items.slice(0, some), own, ...items.slice(some)];
}

const addItem =
  (asked: number) =>
  ({ plan, finished }: PlanToAddTo): PlanItem => {
    const { label, date } = planName(plan.name);
    const name = [label, date].filter(Boolean).join(' ');
    return {
      label: `$(add) ${vscode.l10n.t('Add to {0}', name)}`,
      description: vscode.l10n.t('has {0} of these {1} runs', finished, asked),
      plan,
    };
  };
