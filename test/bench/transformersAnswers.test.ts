import assert from 'node:assert/strict';
import type { Theirs } from '../../bench/transformersAnswers';
import { differences, furthest } from '../../bench/transformersAnswers';

const ours = { ids: [[1, 2]], logits: [[0.5, -1, 2, 3]], outputs: ['A', 'B'] };
const same: Theirs = { ...ours, problemType: 'multi_label_classification', missing: [], unexpected: [] };

describe('what transformers makes of a result', () => {
  it('is the same within rounding, whether or not it has a tokenizer', () => {
    assert.deepEqual(differences(ours, { ...same, logits: [[0.50001, -1, 2, 3]] }), []);
    assert.deepEqual(differences(ours, { ...same, ids: null }), []);
  });

  for (const [other, expected] of [
    [{ logits: [[0.5, -1, 2, 3.001]] }, /^logits differ by up to 0\.000?9|^logits differ by up to 0\.001/],
    [{ logits: [[0.5, -1, 2]] }, /^logits differ by up to NaN$/],
    [{ logits: [[0.5, NaN, 2, 3]] }, /^logits differ by up to NaN$/],
    [{ outputs: ['B', 'A'] }, /^id2label says B, A, not A, B$/],
    [{ ids: [[1, 3]] }, /^1 of 1 texts have other tokens$/],
    [{ missing: ['classifier.weight'] }, /^classifier\.weight is missing$/],
    [{ unexpected: ['pooler.weight'] }, /^pooler\.weight has no place in the model$/],
    [{ problemType: null }, /^problem_type is null/],
  ] as const)
    it(`differs in ${JSON.stringify(other)}`, () => {
      const found = differences(ours, { ...same, ...other });
      assert.equal(found.length, 1);
      assert.match(found[0]!, expected);
    });

  it('names the greatest distance, and no number where one is none', () => {
    assert.equal(furthest([[1, 2]], [[1, 4]]), 2);
    assert.ok(Number.isNaN(furthest([[NaN, 2]], [[1, 4]])));
  });
});
