import assert from 'node:assert/strict';
import { countOccurrences } from '../../../src/core/text/occurrences';

describe('countOccurrences', () => {
  it('counts whole words of any case', () => {
    assert.equal(countOccurrences('HAS, has; hasta não. Ação e reação à AÇÃO', 'HAS'), 2);
    assert.equal(countOccurrences('Ação e reação à AÇÃO', 'ação'), 2);
  });

  it('takes every character as it is', () => {
    assert.equal(countOccurrences('PA 120/80 (sic). pa 120/80 (SIC)! PA 120-80', 'PA 120/80 (sic)'), 2);
    assert.equal(countOccurrences('a+b a+b aab', 'a+b'), 2);
    assert.equal(countOccurrences('[x]{2}\\d^$|?*.-', '[x]{2}\\d^$|?*.-'), 1);
  });
});
