import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { PlanEvent } from '../core/experiments/planEvents';
import type { DeviceChoice } from '../core/ports';
import type { FineTuneJob } from '../core/train/settings/jobs';

/** A run of a plan, and how it is to be computed. */
export interface PlannedTask {
  /** The plan's folder. */
  readonly folder: string;
  readonly id: string;
  readonly device?: DeviceChoice | undefined;
  readonly threads?: number | undefined;
  readonly plan?: FineTuneJob['plan'];
}

/** The contract with a process that carries out one run of a plan; cancelling the request stops it. */
export const carryOutPlanned = new RequestType<PlannedTask, 'finished' | 'stopped' | 'held', void>(
  'experiments/run',
);

export const plannedEvent = new NotificationType<Extract<PlanEvent, { readonly type: 'run' | 'scoring' }>>(
  'experiments/event',
);
