import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { runInProcess } from '../../../src/node/experiments/runProcess';
import { carryOutRun } from '../../../src/node/experiments/carryOutRun';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { carriedOut, toyRequest } from './toyPlan';
import { openToy, ToyEngine } from '../training/toyEngine';
import { toyFolder } from '../training/toyRun';
import { SOON_MS } from '../../soon';

const program = {
  bundle: path.join(import.meta.dirname, 'blockingPlanned.ts'),
  execArgv: ['--import', 'tsx'],
};

describe('runInProcess', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = toyFolder(24)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('stops within a second while the runtime blocks, and leaves no lock', async () => {
    const plan = path.join(folder, 'blocked');
    await createPlan(plan, toyRequest(folder, { seeds: [1], strategies: ['is'] }));
    const abort = new AbortController();
    let asked = 0;
    const { progress } = await carriedOut(plan, {
      carryOut: (task, hooks) => runInProcess(task, hooks, program),
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type !== 'run' || event.event.type !== 'step') return;
        const { epoch, steps, step } = event.event;
        if (epoch * steps + step + 1 !== 6) return;
        setTimeout(() => {
          asked = performance.now();
          abort.abort();
        }, 200);
      },
    });
    const took = performance.now() - asked;
    assert.ok(took < SOON_MS, `${took} ms`);
    assert.deepEqual(progress, { finished: 0, failed: 0, total: 1 });
    const createEngine = async (...args: Parameters<typeof ToyEngine.open>) => ToyEngine.open(...args);
    const { progress: last, events } = await carriedOut(plan, {
      carryOut: (task, hooks) => carryOutRun(task, { ...hooks, createEngine, openClassifier: openToy }),
    });
    const resumed = events.find((event) => event.type === 'run' && event.event.type === 'started');
    assert.ok(resumed?.type === 'run' && resumed.event.type === 'started' && resumed.event.resumedAt);
    assert.deepEqual(last, { finished: 1, failed: 0, total: 1 });
  });

  it('makes a failed run of a process that the system ended for memory, and goes on', async () => {
    const plan = path.join(folder, 'memory');
    await createPlan(plan, toyRequest(folder, { seeds: [13], strategies: ['is'] }));
    const { events } = await carriedOut(plan, {
      carryOut: (task, hooks) => runInProcess(task, hooks, program),
    });
    const failure = events.find((event) => event.type === 'runFailed');
    assert.ok(failure?.type === 'runFailed');
    assert.match(
      failure.message,
      /was ended \(SIGKILL\); most likely memory ran out: close what else is open, or choose a smaller encoder;/,
    );
  });
});
