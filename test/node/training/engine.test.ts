import assert from 'node:assert/strict';
import { deviations, oracleNames, plans } from './engineProbe';

describe('training beside PyTorch', () => {
  for (const name of oracleNames)
    for (const plan of plans)
      for (const [how, apart] of [
        ['padded', false],
        ['without padding', true],
      ] as const)
        it(`${name}, ${plan}, ${how}: every gradient, ten losses and gradient norms, and the final weights`, async () => {
          const found = await deviations(name, plan, 'cpu', { apart });
          assert.ok(found.filter(({ what }) => what.startsWith('gradient')).length > 20);
          for (const { what, error } of found)
            assert.ok(error < (what.startsWith('loss') ? 1e-4 : 1e-3), `${what}: ${error}`);
        });
});
