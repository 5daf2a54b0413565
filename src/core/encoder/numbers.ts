import type { StoredType } from './checkpoint';

/** Stored real numbers as single precision, F32 without a copy. */
export function toFloat32(bytes: ArrayBuffer, type: StoredType): Float32Array<ArrayBuffer> {
  switch (type) {
    case 'F32':
      return new Float32Array(bytes);
    case 'F64':
      return Float32Array.from(new Float64Array(bytes));
    case 'F16':
      return halfToFloat32(new Uint16Array(bytes));
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(bytes));
    default:
      throw new Error(`${type} is not a real number`);
  }
}

/** IEEE 754 half precision, by a table of all its 65,536 numbers. */
function halfToFloat32(halves: Uint16Array): Float32Array<ArrayBuffer> {
  halfTable ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfValue(bits));
  const table = halfTable;
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!;
  return values;
}

let halfTable: Float32Array | undefined;

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a single. */
function bfloat16ToFloat32(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}
