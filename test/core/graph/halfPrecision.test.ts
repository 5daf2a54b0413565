import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toFloat32 } from '../../../src/core/encoder/numbers';
import { toHalf } from '../../../src/core/graph/halfPrecision';

const back = (halves: Uint16Array) => toFloat32(halves.slice().buffer, 'F16');

describe('half precision', () => {
  it('keeps every number it has', () => {
    const all = Uint16Array.from({ length: 0x1_0000 }, (_, bits) => bits).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0,
    );
    assert.deepEqual(toHalf(back(all)), all);
  });

  it('rounds to the nearest, and to the even one of two', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65_504, max: 65_504 }), (value) => {
        const [rounded] = back(toHalf(Float32Array.of(value)));
        const bits = toHalf(Float32Array.of(value))[0]!;
        for (const near of [bits - 1, bits + 1]) {
          const [other] = back(Uint16Array.of(near));
          if (!Number.isFinite(other!)) continue;
          assert.ok(Math.abs(rounded! - value) <= Math.abs(other! - value));
        }
      }),
    );
    assert.deepEqual(
      [...toHalf(Float32Array.of(2049, 2051, 65_519, 65_520, 2 ** -25))],
      [0x6800, 0x6802, 0x7bff, 0x7c00, 0],
    );
  });
});
