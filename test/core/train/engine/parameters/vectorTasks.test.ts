import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dealOut } from '../../../../../src/core/train/engine/parameters/vectorTasks';

describe('tasks dealt out to threads', () => {
  const norms = (lengths: readonly number[]) =>
    lengths.map((length) => ({ kind: 'norm', vector: new Float32Array(length), sum: 0 }) as const);
  const long = 2 ** 16;

  it('are each in one share, short vectors in the first', () => {
    const lengths = fc.array(fc.constantFrom(1, 1000, long - 1, long, 3 * long), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 4 }), (given, threads) => {
        const shares = dealOut(norms(given), threads);
        assert.equal(shares.length, threads);
        assert.deepEqual(
          shares.flat().sort((a, b) => a - b),
          given.map((_, index) => index),
        );
        for (const index of shares.slice(1).flat()) assert.ok(given[index]! >= long);
      }),
    );
  });

  it('are even: no share of long vectors is longer than another by more than one of its vectors', () => {
    const lengths = fc.array(fc.integer({ min: long, max: 4 * long }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 2, max: 4 }), (given, threads) => {
        const sums = dealOut(norms(given), threads).map((share) =>
          share.reduce((sum, at) => sum + given[at]!, 0),
        );
        assert.ok(Math.max(...sums) - Math.min(...sums) <= Math.max(...given));
      }),
    );
  });
});
