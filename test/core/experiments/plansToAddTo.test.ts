import assert from 'node:assert/strict';
import type { PlannedRun } from '../../../src/core/experiments/plan';
import type { PlanSummary, RunSummary } from '../../../src/core/experiments/planSummary';
import type { AskedTraining } from '../../../src/core/experiments/plansToAddTo';
import { plansToAddTo } from '../../../src/core/experiments/plansToAddTo';
import { trainedModels } from '../../../src/core/experiments/trainedModels';

const trains = (strategy: 'is' | 'clamped', seed: number): PlannedRun => ({
  kind: 'train',
  id: `e5-${strategy}-io-${seed}`,
  encoder: 'e5',
  strategy,
  scheme: 'IO',
  seed,
});
const done = (run: PlannedRun, model?: string): RunSummary => ({
  run,
  state: 'finished',
  microF1: 0.7,
  ...(model === undefined ? {} : { model }),
});

function planOf(name: string, more: Partial<PlanSummary> = {}): PlanSummary {
  const runs = [done(trains('is', 1)), { run: trains('is', 2), state: 'waiting' } as const];
  const training = { preset: 'default', epochs: 3 } as const;
  const plan = { folder: `/x/${name}`, name, corpus: '/notes', corpusSha256: 'abc', training, runs };
  return { ...plan, ...more };
}

describe('plansToAddTo', () => {
  const asked: AskedTraining = {
    corpusSha256: 'abc',
    training: { epochs: 3, preset: 'default' },
    runs: [1, 2].flatMap((seed) => [
      { encoder: 'e5', strategy: 'is', scheme: 'IO', seed },
      { encoder: 'e5', strategy: 'clamped', scheme: 'IO', seed },
    ]),
  };
  const found = (plans: readonly PlanSummary[], more: Partial<AskedTraining> = {}) =>
    plansToAddTo({ ...asked, ...more }, plans).map(({ plan, finished }) => [plan.name, finished]);

  it('are of the same notes and settings, and train; those that have most come first', () => {
    const most = [done(trains('is', 1)), done(trains('clamped', 1)), done(trains('is', 9))];
    const asks: PlannedRun = { kind: 'evaluate', id: 'e5', encoder: 'e5', notes: 'all', seed: 1 };
    const plans = [
      planOf('some'),
      planOf('corrected since', { corpusSha256: 'abd' }),
      planOf('longer', { training: { preset: 'default', epochs: 4 } }),
      planOf('of the study', { training: { preset: 'study', epochs: 3 } }),
      planOf('of some labels', { training: { preset: 'default', epochs: 3, labels: ['Disorders'] } }),
      planOf('damaged', { problem: 'not JSON' }),
      planOf('that scores', { runs: [done(asks)] }),
      planOf('most', { runs: most }),
      planOf('of another encoder', { runs: [done({ ...trains('is', 1), encoder: 'bert' })] }),
    ];
    assert.deepEqual(found(plans), [
      ['most', 2],
      ['some', 1],
      ['of another encoder', 0],
    ]);
  });

  it('take what is left out for the preset’s', () => {
    const plans = [planOf('short'), planOf('preset', { training: { preset: 'default' } })];
    assert.deepEqual(found(plans, { training: {} }), [['preset', 1]]);
  });
});

describe('trainedModels', () => {
  it('are the kept models of finished runs, each once', () => {
    const [a, b] = ['/x/a/runs/e5-is-io-1/model', '/x/b/runs/e5-is-io-2/model'];
    const first = planOf('a', {
      runs: [done(trains('is', 1), a), done(trains('clamped', 1), a), done(trains('is', 3))],
    });
    const second = planOf('b', { runs: [done(trains('is', 2), b)] });
    assert.deepEqual(
      trainedModels([first, planOf('none'), second]).map(({ folder, plan, run, microF1 }) => [
        folder,
        plan.name,
        run.id,
        microF1,
      ]),
      [
        [a, 'a', 'e5-is-io-1', 0.7],
        [b, 'b', 'e5-is-io-2', 0.7],
      ],
    );
  });
});
