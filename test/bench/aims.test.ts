import assert from 'node:assert/strict';
import { missedAims } from '../../bench/aims';

describe('missedAims', () => {
  it('names what is over its aim in the median, as it is printed', () => {
    const measures = [
      { name: 'within', values: [900, 20, 16.04], aim: 20 },
      { name: 'over', values: [17, 3, 16.2], aim: 16 },
      { name: 'on it', values: [16.74, 16.74, 1], aim: 16.7 },
      { name: 'nothing', values: [], aim: 1 },
    ];
    assert.deepEqual(missedAims(measures), ['over: 16.2 ms, where 16 is the aim', 'nothing: not measured']);
  });
});
