import type { Checkpoint } from '../src/core/encoder/checkpoint';
import { toFloat32 } from '../src/core/encoder/numbers';

/**
 * All elements of a tensor that a checkpoint stores in single precision, row-major.
 * @throws Error naming the tensor that is missing or stored otherwise
 */
export function floatTensor(checkpoint: Checkpoint, name: string): Float32Array<ArrayBuffer> {
  const tensor = checkpoint.tensors.get(name);
  if (tensor?.type !== 'F32')
    throw new Error(`${checkpoint.file}: ${name} is ${tensor?.type ?? 'missing'}, not F32`);
  const bytes = new Uint8Array(4 * tensor.shape.reduce((product, length) => product * length, 1));
  checkpoint.readInto(name, bytes);
  return toFloat32(bytes.buffer, 'F32');
}
