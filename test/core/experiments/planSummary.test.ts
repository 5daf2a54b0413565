import assert from 'node:assert/strict';
import type { PlanSummary, RunSummary } from '../../../src/core/experiments/planSummary';
import { estimateSeconds, systemsOfPlan } from '../../../src/core/experiments/planSummary';
import type { Strategy } from '../../../src/core/train/balance/strategy';

function planned(strategy: Strategy, seed: number): RunSummary {
  const run = {
    kind: 'train',
    id: `${strategy}-${seed}`,
    encoder: 'e5',
    strategy,
    scheme: 'IO',
    seed,
  } as const;
  return { run, state: 'waiting' };
}

function finished(strategy: Strategy, seed: number, microF1: number, trainSeconds = 90): RunSummary {
  const cost = { trainSeconds, scoreSeconds: 10, peakMemoryBytes: null, trainedTokens: 1000 };
  return { ...planned(strategy, seed), state: 'finished', microF1, macroF1: microF1, epochs: 3, cost };
}

const plan = (...runs: RunSummary[]): PlanSummary => ({
  folder: '/e/p',
  name: 'p',
  corpus: '/notes',
  corpusSha256: '',
  training: { preset: 'default', epochs: 3 },
  runs,
});

describe('a plan in short', () => {
  it('has mean and deviation of each system over its seeds', () => {
    const runs = [
      finished('is', 1, 0.7),
      planned('weighted', 1),
      finished('is', 2, 0.74),
      finished('clamped', 1, 0.6),
    ];
    const systems = systemsOfPlan(plan(...runs));
    assert.deepEqual(
      systems.map(({ strategy, mean, deviation }) => [strategy, mean?.toFixed(4), deviation?.toFixed(4)]),
      [
        ['is', '0.7200', '0.0283'],
        ['weighted', undefined, undefined],
        ['clamped', '0.6000', undefined],
      ],
    );
  });

  const asked = (strategies: (Strategy | 'none')[], epochs?: number, encoder = 'e5', corpus = '/notes') => ({
    runs: strategies.map((strategy) => ({ encoder, strategy })),
    corpus,
    epochs,
  });

  it('estimates by what the same strategy took, else any other, and by epochs', () => {
    const earlier = [plan(finished('is', 1, 0.7, 90), finished('oversampling', 1, 0.7, 190))];
    assert.equal(estimateSeconds(asked(['is'], 3), earlier), 100);
    assert.equal(estimateSeconds(asked(['is', 'oversampling'], 3), earlier), 300);
    assert.equal(estimateSeconds(asked(['clamped'], 3), earlier), 150);
    assert.equal(estimateSeconds(asked(['is'], 6), earlier), 190);
    const bySettings = earlier.map((one) => ({
      ...one,
      training: { preset: 'default' as const, settings: { epochs: 3 } },
    }));
    assert.equal(estimateSeconds(asked(['is'], 3), bySettings), 100);
    assert.equal(estimateSeconds(asked(['is']), bySettings), undefined);
  });

  it('promises nothing that was not measured', () => {
    const earlier = [plan(finished('is', 1, 0.7))];
    assert.equal(estimateSeconds(asked(['is']), earlier), undefined, 'epochs of the preset');
    assert.equal(estimateSeconds(asked(['is'], 3, 'e5', '/others'), earlier), undefined);
    assert.equal(estimateSeconds(asked(['is'], 3, 'bert'), earlier), undefined);
    assert.equal(estimateSeconds(asked(['none'], 3), earlier), undefined);
  });
});
