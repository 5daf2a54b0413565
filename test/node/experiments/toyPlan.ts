import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlanEvent } from '../../../src/core/experiments/planEvents';
import { RUN_FILES } from '../../../src/core/experiments/runFiles';
import type { PlanRequest } from '../../../src/node/experiments/createPlan';
import type { RunPlanOptions } from '../../../src/node/experiments/runPlan';
import { carryOutRun } from '../../../src/node/experiments/carryOutRun';
import { runPlan } from '../../../src/node/experiments/runPlan';

/** Two strategies, two seeds, on what `toyFolder` holds: a tiny encoder that learns for a moment. */
export function toyRequest(folder: string, more: Partial<PlanRequest> = {}): PlanRequest {
  return {
    corpus: path.join(folder, 'notes.jsonl'),
    encoders: [path.join(folder, 'encoder')],
    strategies: ['random', 'oversampling'],
    schemes: ['IO'],
    seeds: [1, 2],
    training: {
      preset: 'default',
      // Other than the preset's, and nothing that results depend on.
      settings: { checkpointSteps: 19 },
      epochs: 2,
      learningRate: 0.01,
      batchTokens: 120,
      maxLength: 32,
    },
    ...more,
  };
}

/** Carries out a plan in this process, collecting what it tells. */
export async function carriedOut(plan: string, more: Partial<RunPlanOptions> = {}) {
  const events: PlanEvent[] = [];
  const progress = await runPlan(plan, {
    onEvent: (event) => void events.push(event),
    threads: 1,
    carryOut: carryOutRun,
    ...more,
  });
  return { progress, events };
}

/** Ids of the runs that were begun, in order. */
export function started(events: readonly PlanEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'runStarted' ? [event.id] : []));
}

/** What runs of equal settings share to the last byte: all but the record, which says when and where. */
export function results(plan: string, id: string): Record<string, string> {
  const names = Object.values(RUN_FILES).filter((name) => name !== RUN_FILES.record);
  const at = (name: string): string => path.join(plan, 'runs', id, name);
  return Object.fromEntries(names.map((name) => [name, readFileSync(at(name), 'utf8')]));
}

export function runsIn(plan: string): string[] {
  const runs = path.join(plan, 'runs');
  return existsSync(runs) ? readdirSync(runs).sort() : [];
}
