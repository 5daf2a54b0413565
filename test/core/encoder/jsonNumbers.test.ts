import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseKeepingNumbers, stringifyKeepingNumbers } from '../../../src/core/encoder/jsonNumbers';
import { savedConfig } from '../../../src/core/encoder/savedConfig';

describe('JSON with its numbers as they were written', () => {
  const again = (text: string) => stringifyKeepingNumbers(parseKeepingNumbers(text));

  it('keeps floats that are whole, and exponents', () => {
    const lines = [
      '{',
      '  "a": 2.0,',
      '  "b": -1e-05,',
      '  "c": [',
      '    160000.0,',
      '    7',
      '  ],',
      '  "d 1.0": "2.0"',
      '}',
    ];
    assert.equal(again(lines.join('\n')), lines.join('\n'));
  });

  it('changes nothing else', () => {
    fc.assert(fc.property(fc.json(), (text) => assert.deepEqual(JSON.parse(again(text)), JSON.parse(text))));
  });

  it('is how the configuration of a trained encoder is saved', () => {
    const text = '{ "model_type": "modernbert", "initializer_cutoff_factor": 2.0 }';
    const options = { architecture: 'ModernBertForMaskedLM', outputs: undefined, dropout: undefined };
    assert.match(savedConfig(text, 'modernbert', options), /"initializer_cutoff_factor": 2\.0,/);
  });
});
