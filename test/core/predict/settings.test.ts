import assert from 'node:assert/strict';
import { predictionSettings } from '../../../src/core/predict/settings';

describe('predictionSettings', () => {
  for (const [name, file, message] of [
    ['is no object', [], /^anamnese\.json: Invalid input.*$/],
    [
      'has calibration that is no number',
      { calibration: { a: [null], b: [0] } },
      /^anamnese\.json: calibration\.a\.0: .*$/,
    ],
    ['has calibration of another length', { calibration: { a: [1], b: [0] } }, /1 values for 2 labels/],
    ['names other labels', { labels: ['ANA', 'DIS'] }, /labels are not those of config\.json/],
    ['says BIO of labels without prefixes', { scheme: 'BIO' }, /"DIS" has neither B- nor I-/],
    [
      'leaves no room for a word',
      { maxTokens: 2 },
      /^the longest input is 2 tokens .* at least 8 are needed$/,
    ],
  ] as const) {
    it(`refuses, in one line, a file that ${name}`, () => {
      assert.throws(
        () => predictionSettings(file, ['DIS', 'ANA'], 512),
        (error: Error) => message.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  it('takes the shortest of the limits, in whole tokens', () => {
    assert.equal(predictionSettings({ maxTokens: 200 }, ['DIS'], 100.5).maxTokens, 100);
    assert.throws(() => predictionSettings({}, ['DIS'], -5), /longest input/);
  });

  it('passes over what it does not read, such as the overlap that older folders name', () => {
    const read = { maxTokens: 200, thresholds: { DIS: 0.4 } };
    const older = { ...read, overlapTokens: 128 };
    assert.deepEqual(predictionSettings(older, ['DIS'], 512), predictionSettings(read, ['DIS'], 512));
  });
});
