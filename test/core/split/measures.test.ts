import assert from 'node:assert/strict';
import { groupRows, labelTable } from '../../../src/core/split/labelTable';
import { withPairs } from '../../../src/core/split/pairs';
import { measureSplit } from '../../../src/core/split/measures';

const near = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs(actual! - expected) < 1e-12, `${actual} is not ${expected}`);

describe('measureSplit', () => {
  // A: 3 of 6 notes; B: 2 of 6; A and B together: 1 of 6.
  const table = withPairs(labelTable([['A', 'B'], ['A'], ['A'], ['B'], [], []], ['A', 'B']));

  it('is LD, ED and LDP by hand', () => {
    const measures = measureSplit(table, Int32Array.of(0, 0, 1, 1, 1, 0), [1, 1]);
    // Odds of A: 1 in the corpus, 2 / 1 and 1 / 2 in the parts; of B: 2 / 4, then 1 / 2 in both.
    near(measures.labelDistribution, ((1 + 0.5) / 2 + 0) / 2);
    // Odds of the pair: 1 / 5, then 1 / 2 and 0.
    near(measures.pairDistribution, (0.3 + 0.2) / 2);
    near(measures.examplesDistribution, 0);
    near(measureSplit(table, Int32Array.of(0, 0, 0, 0, 1, 1), [1, 1]).examplesDistribution, 1);
  });

  it('stays finite where every note of a part has a label, and ignores labels of every note', () => {
    const all = labelTable([['A', 'C'], ['A', 'C'], ['C']], ['A', 'C']);
    near(measureSplit(all, Int32Array.of(0, 0, 1), [2, 1]).labelDistribution, (0 + 2) / 2);
  });
});

describe('label tables', () => {
  it('number pairs in order, and add notes of a group up', () => {
    const table = withPairs(labelTable([['C', 'A'], ['B', 'C', 'A'], ['x']], ['A', 'B', 'C']));
    assert.equal(table.columns, 6);
    assert.deepEqual([...table.ids], [0, 2, 4, 0, 1, 2, 3, 4, 5]);
    assert.deepEqual([...table.starts], [0, 3, 9, 9]);
    const grouped = groupRows(table, Int32Array.of(0, 0, 1), 2);
    assert.deepEqual([...grouped.sizes], [2, 1]);
    assert.deepEqual([...grouped.ids], [0, 1, 2, 3, 4, 5]);
    assert.deepEqual([...grouped.counts], [2, 1, 2, 1, 2, 1]);
  });
});
