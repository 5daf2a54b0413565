import assert from 'node:assert/strict';
import fc from 'fast-check';
import { offsetMap } from '../../../src/core/text/offsets';

describe('offsetMap', () => {
  it('counts code points as Python does', () => {
    const map = offsetMap('a😀b😀😀c');
    assert.deepEqual([0, 1, 3, 4, 6, 8, 9].map(map.toCodePoint), [0, 1, 2, 3, 4, 5, 6]);
  });

  it('takes an offset inside a pair as the start of the pair', () => {
    assert.equal(offsetMap('😀').toCodePoint(1), 0);
  });

  it('goes to code points and back on every boundary of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const map = offsetMap(text);
        let utf16 = 0;
        for (const [index, character] of [...text].entries()) {
          assert.equal(map.toCodePoint(utf16), index);
          assert.equal(map.toUtf16(index), utf16);
          utf16 += character.length;
        }
        assert.equal(map.toCodePoint(utf16), [...text].length);
      }),
    );
  });
});
