import assert from 'node:assert/strict';
import { squaredNorm } from '../../../src/core/train/engine/parameters/adamW';
import { engineFor, plans, stateOf } from './engineProbe';
import { learningRate, maxGradientNorm, optimiser, readTrainingOracle } from './trainingOracle';

const isHead = (name: string): boolean => name.startsWith('classifier.');
const frozen = { ...optimiser, parameter: (name: string) => ({ rate: isHead(name) ? 1 : 0, decay: 0.1 }) };

describe('frozen weights', () => {
  for (const plan of plans)
    it(`stay as they are and have no part in the gradient’s norm, ${plan}`, async () => {
      const oracle = readTrainingOracle('bert');
      const engine = await engineFor('bert', plan, 'cpu', { optimiser: frozen });
      const before = await stateOf(engine);
      await engine.accumulate(oracle.examples, 0);
      const norm = await engine.update({ learningRate: learningRate(0), maxGradientNorm });
      const head = oracle.names.filter(isHead);
      const expected = Math.sqrt(head.reduce((sum, name) => sum + squaredNorm(oracle.gradient(name)), 0));
      assert.ok(Math.abs(norm - expected) < 1e-3 * expected, `${norm} instead of ${expected}`);
      for (const [key, { name, kind, values }] of await stateOf(engine)) {
        if (kind !== 'weight') continue;
        const stayed = values.every((value, i) => value === before.get(key)!.values[i]);
        assert.equal(stayed, !isHead(name), key);
      }
      await engine.dispose();
    });
});
