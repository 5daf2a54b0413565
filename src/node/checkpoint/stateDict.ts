import type { Checkpoint, StoredTensor } from '../../core/encoder/checkpoint';
import { storedBytes } from '../../core/encoder/checkpoint';
import type { PickleValue, Storage } from './pickleValue';
import { StridedTensor } from './pickleValue';
import type { RandomAccessFile } from './randomAccessFile';

/** Where the bytes of a storage start in the file. */
export type StoragePosition = (storage: Storage) => number;

/** The tensors of a pickled state_dict as a checkpoint; other values in it are passed over. */
export function stateDictCheckpoint(
  file: RandomAccessFile,
  stateDict: PickleValue,
  position: StoragePosition,
): Checkpoint {
  if (!(stateDict instanceof Map)) throw file.error('holds no dictionary of weights');
  const strided = new Map<string, StridedTensor>();
  for (const [name, value] of stateDict) {
    if (typeof name === 'string' && value instanceof StridedTensor) strided.set(name, value);
  }
  const tensors = new Map<string, StoredTensor>(
    [...strided].map(([name, { storage, shape }]) => [name, { type: storage.type, shape }]),
  );
  const readInto = (name: string, target: Uint8Array) =>
    readTensor(file, strided.get(name)!, position, target);
  return { file: file.name, tensors, readInto, close: () => file.close() };
}

function readTensor(
  file: RandomAccessFile,
  tensor: StridedTensor,
  position: StoragePosition,
  target: Uint8Array,
): void {
  const { storage, offset, shape, strides } = tensor;
  const width = storedBytes[storage.type];
  const start = position(storage) + offset * width;
  if (isContiguous(tensor)) return file.readInto(start, target);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, 0);
  gather(file.read(start, (last + 1) * width), shape, strides, width, target);
}

function isContiguous({ shape, strides }: StridedTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** Writes the elements of a strided window in row-major order, such as those of a transposed matrix. */
function gather(
  window: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  width: number,
  target: Uint8Array,
): void {
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < target.length; to += width) {
    for (let byte = 0; byte < width; byte++) target[to + byte] = window[from * width + byte]!;
    from += step(index, shape, strides);
  }
}

/** Advances a row-major index by one element; how far that is in the window, in elements. */
function step(index: number[], shape: readonly number[], strides: readonly number[]): number {
  let distance = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis]! += 1;
    distance += strides[axis]!;
    if (index[axis]! < shape[axis]!) break;
    distance -= shape[axis]! * strides[axis]!;
    index[axis] = 0;
  }
  return distance;
}
