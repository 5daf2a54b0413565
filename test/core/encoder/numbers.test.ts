import assert from 'node:assert/strict';
import { toFloat32 } from '../../../src/core/encoder/numbers';
import { dequantiseRows, quantiseRows, transposeInto } from '../../../src/core/encoder/quantise';

describe('stored numbers', () => {
  it('reads half precision', () => {
    const halves = Uint16Array.of(
      0x0000,
      0x8000,
      0x3c00,
      0xc000,
      0x3555,
      0x7bff,
      0x0001,
      0x0400,
      0x7c00,
      0x7e00,
    );
    const expected = [0, -0, 1, -2, 0.333251953125, 65_504, 2 ** -24, 2 ** -14, Infinity, NaN];
    assert.deepEqual([...toFloat32(halves.buffer, 'F16')], expected);
  });

  it('reads bfloat16', () => {
    assert.deepEqual(
      [...toFloat32(Uint16Array.of(0x3f80, 0xc000, 0x7f80).buffer, 'BF16')],
      [1, -2, Infinity],
    );
  });

  it('reads double precision', () => {
    assert.deepEqual([...toFloat32(Float64Array.of(1.5, -2).buffer, 'F64')], [1.5, -2]);
  });
});

describe('eight-bit rows', () => {
  it('spans each row’s largest magnitude, rounding half to even', () => {
    const { values, scales } = quantiseRows(
      Float32Array.of(127, 0.5, 1.5, -2.5, 0, 0, 0, 0, -254, 2, 1, 3),
      3,
    );
    assert.deepEqual([...values], [127, 0, 2, -2, 0, 0, 0, 0, -127, 1, 0, 2]);
    assert.deepEqual([...scales], [1, 0, 2]);
  });

  it('comes back within half a step', () => {
    const matrix = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i) * (1 + i));
    const rows = quantiseRows(matrix, 4);
    dequantiseRows(rows, 4).forEach((value, i) => {
      assert.ok(Math.abs(value - matrix[i]!) <= rows.scales[Math.floor(i / 15)]! * 0.5001);
    });
  });

  it('stands on its side next to others', () => {
    const target = new Uint8Array(6);
    transposeInto(target, 3, 0, Int8Array.of(1, 2, 3, 4), 2);
    transposeInto(target, 3, 2, Int8Array.of(-1, 6), 1);
    assert.deepEqual([...new Int8Array(target.buffer)], [1, 3, -1, 2, 4, 6]);
  });

  it('stands on its side whatever its size', () => {
    const [rows, columns] = [130, 67];
    const matrix = Int8Array.from({ length: rows * columns }, (_, i) => i % 251);
    const target = new Uint8Array(matrix.length);
    transposeInto(target, rows, 0, matrix, rows);
    const turned = new Int8Array(target.buffer);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        assert.equal(turned[column * rows + row], matrix[row * columns + column]);
      }
    }
  });
});
