// A plan in a process of its own, to be killed anywhere: node --import tsx killedPlan.ts PLAN
import { carryOutRun } from '../../../src/node/experiments/carryOutRun';
import { runPlan } from '../../../src/node/experiments/runPlan';

const [plan] = process.argv.slice(2) as [string];

void runPlan(plan, {
  onEvent: (event) => void process.stdout.write(`${event.type} ${'id' in event ? event.id : ''}\n`),
  threads: 1,
  carryOut: (task, hooks) => carryOutRun(task, { ...hooks, savingShare: 1 }),
});
