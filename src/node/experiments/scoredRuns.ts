import path from 'node:path';
import { RUN_FILES } from '../../core/experiments/runFiles';
import type { ScoredRun } from '../../core/experiments/strategyComparison';
import { readCountsFile } from '../evaluation/evaluationFiles';
import { readPlan, readRecord, runPath } from './planFolder';

/** The finished runs of a plan in its order, for `compareStrategies`. @throws Error naming the file that is damaged */
export async function readScoredRuns(folder: string): Promise<ScoredRun[]> {
  const plan = await readPlan(folder);
  const runs: ScoredRun[] = [];
  for (const { id } of plan.runs) {
    const record = await readRecord(folder, plan, id);
    if (!record) continue;
    runs.push({ record, counts: await readCountsFile(path.join(runPath(folder, id), RUN_FILES.counts)) });
  }
  return runs;
}
