import { toFloat32 } from '../../src/core/encoder/numbers';

const blockElements = 32;
/** A half-precision scale and 32 nibbles. */
const blockBytes = 2 + blockElements / 2;

/**
 * Weights of Q4_0 blocks in single precision. A block is a half-precision scale and 16 bytes, whose low nibbles are its
 * first 16 weights and whose high nibbles the others: (nibble - 8) · scale.
 * @throws Error when the bytes are not that many blocks
 */
export function dequantiseQ4(bytes: Uint8Array<ArrayBuffer>, elements: number): Float32Array<ArrayBuffer> {
  const blocks = elements / blockElements;
  if (bytes.length !== blocks * blockBytes)
    throw new Error(`${bytes.length} bytes are not Q4_0 blocks of ${elements} weights`);
  const scales = scalesOf(bytes, blocks);
  const weights = new Float32Array(elements);
  for (let block = 0; block < blocks; block++) {
    const [from, to, scale] = [block * blockBytes + 2, block * blockElements, scales[block]!];
    for (let i = 0; i < blockElements / 2; i++) {
      const pair = bytes[from + i]!;
      weights[to + i] = ((pair & 15) - 8) * scale;
      weights[to + blockElements / 2 + i] = ((pair >> 4) - 8) * scale;
    }
  }
  return weights;
}

function scalesOf(bytes: Uint8Array, blocks: number): Float32Array {
  const halves = new Uint8Array(2 * blocks);
  for (let block = 0; block < blocks; block++)
    halves.set(bytes.subarray(block * blockBytes, block * blockBytes + 2), 2 * block);
  return toFloat32(halves.buffer, 'F16');
}
