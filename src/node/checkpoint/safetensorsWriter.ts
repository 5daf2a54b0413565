import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { StoredType } from '../../core/encoder/checkpoint';
import { storedBytes } from '../../core/encoder/checkpoint';

/** A tensor to be written; its bytes, row-major and little-endian, are asked for when their turn comes. */
export interface TensorToWrite {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  bytes(): Uint8Array;
}

/** Smallest first, in the reference implementation's order of types. */
const typeOrder: readonly StoredType[] = [
  'BOOL',
  'U8',
  'I8',
  'I16',
  'F16',
  'BF16',
  'I32',
  'F32',
  'F64',
  'I64',
];

/**
 * Writes a safetensors file, byte for byte as the reference implementation does: wide types first, then by name. The
 * file appears whole or not at all; an earlier one of that name stays until then.
 * @throws Error naming the file when it cannot be written
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const file = await open(partial, 'w');
    try {
      await writeAll(file, sorted(tensors), metadata);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${path}: cannot be written (${code ?? message})`, { cause: error });
  }
}

async function writeAll(
  file: FileHandle,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await file.writeFile(header(tensors, metadata));
  for (const tensor of tensors) {
    const bytes = tensor.bytes();
    if (bytes.length !== byteLength(tensor))
      throw new Error(`${tensor.name} has ${bytes.length} bytes, ${byteLength(tensor)} are needed`);
    // From where the last write ended.
    await file.writeFile(bytes);
  }
}

function header(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0;
  const entries = tensors.map((tensor) => {
    const begin = end;
    end += byteLength(tensor);
    return [tensor.name, { dtype: tensor.type, shape: tensor.shape, data_offsets: [begin, end] }] as const;
  });
  const about = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const json = JSON.stringify({ ...about, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  // Blanks behind the JSON align the data.
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

function sorted(tensors: readonly TensorToWrite[]): TensorToWrite[] {
  const rank = ({ type }: TensorToWrite): number => typeOrder.indexOf(type);
  return [...tensors].sort((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function byteLength({ type, shape }: TensorToWrite): number {
  return shape.reduce((product, length) => product * length, storedBytes[type]);
}
