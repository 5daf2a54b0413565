import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { PlanEvent } from '../core/experiments/planEvents';
import type { DeviceChoice } from '../core/ports';

/**
 * The whole contract with a process that carries out one run of a plan, so that the one that carries out the plan stays
 * free. Cancelling the request stops it between two steps.
 */
export const carryOutRun = new RequestType<
  { readonly folder: string; readonly id: string; readonly device?: DeviceChoice },
  'finished' | 'stopped' | 'held',
  void
>('plan/run');

export const runEvent = new NotificationType<Extract<PlanEvent, { readonly type: 'run' | 'scoring' }>>(
  'plan/runEvent',
);
