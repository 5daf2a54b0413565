import { isDeepStrictEqual } from 'node:util';
import type { PlanFile } from '../../core/experiments/plan';
import type { PlanRequest } from './createPlan';
import { keptCorpus } from './planCorpus';
import { pathFrom, planPath } from './planFolder';

/** Without what is undefined, as it is read back. */
export function settingsOf(training: PlanRequest['training']): PlanFile['training'] {
  const given = JSON.parse(JSON.stringify(training ?? {})) as Partial<PlanFile['training']>;
  return { preset: 'default', ...given };
}

const ADVICE = 'give the same as it was made with, or another folder for another plan';

/** @throws Error where the notes are others than the plan's, and not those of its own corpus, corrected since it was kept */
export async function checkKept(folder: string, plan: PlanFile, { corpus }: PlanRequest): Promise<void> {
  const isOwn = pathFrom(folder, corpus) === plan.corpus.path;
  if (isOwn && (await keptCorpus(folder, plan))) return;
  throw new Error(`${planPath(folder)}: is a plan of other notes than ${corpus} holds now: ${ADVICE}`);
}

/** @throws Error naming the settings that differ from the plan's */
export function checkSame(folder: string, plan: PlanFile, request: PlanRequest): void {
  const file = planPath(folder);
  const padding = plan.scoring?.padding ?? 'zero';
  if (request.padding !== undefined && request.padding !== padding)
    throw new Error(`${file}: scores with the padding ${padding}, not ${request.padding}: ${ADVICE}`);
  if (request.training === undefined) return;
  const [before, now] = [plan.training, settingsOf(request.training)] as const;
  const differ = (Object.keys({ ...before, ...now }) as (keyof PlanFile['training'])[]).filter(
    (key) => !isDeepStrictEqual(before[key], now[key]),
  );
  if (differ.length === 0) return;
  const shown = differ.map((key) => `${key} was ${inWords(before[key])}, is ${inWords(now[key])}`);
  throw new Error(`${file}: trains otherwise (${shown.join('; ')}): ${ADVICE}`);
}

const inWords = (value: unknown): string => (value === undefined ? 'the preset’s' : JSON.stringify(value));
