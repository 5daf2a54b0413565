import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { StoredType } from '../../core/encoder/checkpoint';
import { storedBytes } from '../../core/encoder/checkpoint';

/** A tensor, row-major. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** By default F32. */
  readonly type?: StoredType;
}

/** A tensor's elements in its own type, or their bytes, little-endian. */
export type TensorElements = Float32Array | Int8Array | Uint8Array;

/**
 * Writes a safetensors file and waits until the disk has it. Tensors come in the order of `entries`, one at a time.
 * @param metadata transformers asks for `format: pt`
 * @throws Error when a tensor is missing, another, or of another size; those of the file system
 */
export async function writeSafetensors(
  path: string,
  entries: readonly TensorEntry[],
  tensors: AsyncIterable<{ readonly name: string; readonly values: TensorElements }>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const file = await open(path, 'w');
  try {
    await writeAll(file, headerBytes(entries, metadata));
    let index = 0;
    for await (const { name, values } of tensors) {
      const entry = entries[index++];
      if (entry?.name !== name || byteLength(entry) !== values.byteLength)
        throw new Error(
          `${name}: ${values.length} values, where ${entry ? describe(entry) : 'nothing'} was due`,
        );
      await writeAll(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
    if (index < entries.length) throw new Error(`${entries[index]!.name}: missing`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The length of the header, the header padded to eight bytes. */
function headerBytes(
  entries: readonly TensorEntry[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const described = entries.map((entry) => {
    const begin = end;
    end += byteLength(entry);
    const { name, shape, type = 'F32' } = entry;
    return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
  });
  const meta = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const json = JSON.stringify({ ...meta, ...Object.fromEntries(described) });
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

/** One write call takes less than 2 GiB, and may write less than it was given. */
const MOST_BYTES = 2 ** 28;

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, MOST_BYTES));
    done += bytesWritten;
  }
}

function byteLength({ shape, type = 'F32' }: TensorEntry): number {
  return shape.reduce((product, length) => product * length, storedBytes[type]);
}

const describe = (entry: TensorEntry): string => `${entry.name} [${entry.shape.join(', ')}]`;
