import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { knownRefusal } from '../../../src/extension/refusalSentences';
import { carryOutRun } from '../../../src/node/experiments/carryOutRun';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { openToy, ToyEngine } from '../training/toyEngine';
import { toyFolder } from '../training/toyRun';
import { carriedOut, toyRequest } from './toyPlan';

const fails = (error: Error) => async (): Promise<number> => {
  throw error;
};
/** A checkpoint that is not written. */
const disk = (): never => {
  throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
};

describe('a plan whose training fails', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = toyFolder(24)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [what, change, advice] of [
    [
      'memory that ran out',
      { accumulate: fails(new Error('bad allocation')) },
      /^memory ran out: close what else is open, or choose a smaller encoder; or carry the plan out/,
    ],
    [
      'numbers that are none',
      { accumulate: async () => NaN },
      /^the loss is not a finite number in epoch 1, step 1; .*: make a new plan with the hyper-parameters/,
    ],
    ['a full disk', { state: disk }, /the disk is full; free some space and go on with the plan/],
  ] as const)
    it(`says of ${what} what can be done in a plan, and nothing that cannot`, async () => {
      const plan = path.join(folder, what.replaceAll(' ', '-'));
      await createPlan(plan, toyRequest(folder, { seeds: [1], strategies: ['is'] }));
      const createEngine = async (...args: Parameters<typeof ToyEngine.open>): Promise<ToyEngine> =>
        Object.assign(ToyEngine.open(...args), change);
      const { events } = await carriedOut(plan, {
        carryOut: (task, hooks) => carryOutRun(task, { ...hooks, createEngine, openClassifier: openToy }),
      });
      const failure = events.find((event) => event.type === 'runFailed');
      assert.ok(failure?.type === 'runFailed');
      assert.match(failure.message, advice);
      assert.doesNotMatch(failure.message, /--out|--accumulate|same command/);
      assert.ok(knownRefusal(failure.message), 'the editor says it in the person’s language');
    });
});
