import { readPlan, readRecords } from '../../node/experiments/planFolder';
import { isHeld } from '../../node/lock';
import { runState } from '../../node/experiments/runState';
import { aligned, countOf } from '../table';

/** What of a plan is finished, under way and left, a line a run. */
export async function printStatus(folder: string, json: boolean): Promise<void> {
  const plan = await readPlan(folder);
  const records = await readRecords(folder, plan);
  const states = [];
  for (const { id } of plan.runs) {
    const record = records.get(id);
    const state = record ? 'finished' : (await isHeld(folder, id)) ? 'under way' : await runState(folder, id);
    states.push({ id, state, finishedAt: record?.finishedAt });
  }
  if (json) return void process.stdout.write(`${JSON.stringify({ type: 'status', runs: states })}\n`);
  const rows = states.map(({ id, state, finishedAt }) => [id, state, finishedAt ?? '']);
  const count = `${records.size} of ${countOf(plan.runs.length, 'run')} finished`;
  process.stdout.write([...aligned(rows), count].map((line) => `${line.trimEnd()}\n`).join(''));
}
