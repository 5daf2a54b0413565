import assert from 'node:assert/strict';
import type { Scheme } from '../../../../src/core/labels/tokenTargets';
import { seededRng } from '../../../../src/core/random';
import type { Strategy } from '../../../../src/core/train/balance/strategy';
import { balance } from '../../../../src/core/train/balance/strategy';
import { asTheStrategySays } from '../../../../src/core/train/settings/hyperParameters';

/** Of four notes, all have A and one has B. */
const notes = [['A'], ['A', 'B'], ['A'], ['A']].map((labels, i) => ({
  id: `n${i}`,
  text: 'febre hoje',
  annotations: labels.map((label) => ({ label, fragments: [{ start: 0, end: 5 }] })),
}));

function weightsOf(strategy: Strategy, scheme: Scheme, changed: Partial<typeof asTheStrategySays> = {}) {
  const weights = { ...asTheStrategySays, ...changed };
  const options = { labels: ['A', 'B'], scheme, oversampling: 'study', weights } as const;
  return balance(notes, strategy, options, seededRng(1)).positiveWeights;
}

describe('the weights of a strategy', () => {
  for (const [strategy, scheme, changed, expected] of [
    ['weighted', 'IO', {}, [0, 3]],
    ['clamped', 'IO', {}, [1, 3]],
    ['weighted', 'IO', { power: 0.25 }, [0, 3 ** 0.25]],
    ['clamped', 'IO', { power: 0.25 }, [1, 3 ** 0.25]],
    ['weighted', 'IO', { minimum: 0.5 }, [0.5, 3]],
    ['clamped', 'IO', { minimum: 0.5 }, [0.5, 3]],
    ['weighted', 'BIO', { beginScale: 2 }, [0, 0, 6, 3]],
    ['clamped', 'BIO', { beginScale: 2, power: 0.5 }, [2, 1, 2 * Math.sqrt(3), Math.sqrt(3)]],
    ['is', 'BIO', { beginScale: 2, power: 0.5 }, undefined],
    ['random', 'IO', {}, undefined],
    ['oversampling', 'IO', { power: 0.5 }, undefined],
  ] as const)
    it(`${strategy}, ${scheme}, ${JSON.stringify(changed)}`, () =>
      assert.deepEqual(weightsOf(strategy, scheme, changed), expected));
});
