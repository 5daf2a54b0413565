import type { PlannedRun } from './plan';
import type { PlanSummary } from './planSummary';

/** A model that a finished run of a plan left. */
export interface TrainedModel {
  /** Absolute. */
  readonly folder: string;
  readonly plan: PlanSummary;
  readonly run: PlannedRun;
  /** As in the run's summary. */
  readonly microF1: number | undefined;
}

/** The models that plans kept, in their order; one that several runs share is the first one's. */
export function trainedModels(plans: readonly PlanSummary[]): TrainedModel[] {
  const found = new Map<string, TrainedModel>();
  for (const plan of plans)
    for (const { run, model: folder, microF1 } of plan.runs)
      if (folder !== undefined && !found.has(folder)) found.set(folder, { folder, plan, run, microF1 });
  return [...found.values()];
}
