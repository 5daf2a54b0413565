import assert from 'node:assert/strict';
import type { Deviation } from './engineProbe';
import { gradientDeviations, oracleNames, plans, stepDeviations } from './engineProbe';

function assertSmall(deviations: readonly Deviation[]): void {
  for (const { what, error } of deviations)
    assert.ok(error < (what.startsWith('loss') ? 1e-4 : 1e-3), `${what}: ${error}`);
}

describe('training beside PyTorch', () => {
  for (const name of oracleNames) {
    for (const plan of plans) {
      it(`${name}, ${plan}: the gradient of every weight`, async () => {
        const deviations = await gradientDeviations(name, plan, 'cpu');
        assert.ok(deviations.length > 20, String(deviations.length));
        assertSmall(deviations);
      });

      it(`${name}, ${plan}: ten losses, gradient norms and the final weights`, async () =>
        assertSmall(await stepDeviations(name, plan, 'cpu')));
    }
  }
});
