import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { Checkpoint, StoredTensor, StoredType } from '../../core/encoder/checkpoint';
import { storedBytes } from '../../core/encoder/checkpoint';
import { RandomAccessFile } from './randomAccessFile';

const maxHeaderBytes = 100_000_000;

const length = z.int().min(0);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(length).max(16),
  data_offsets: z.tuple([length, length]),
});
const headerSchema = z.record(z.string(), z.unknown());

interface Entry extends StoredTensor {
  /** Bytes from the start of the file. */
  readonly position: number;
}

/**
 * Opens a safetensors file: eight bytes of header length, a JSON header, the tensors' bytes.
 * @throws EncoderError when the file is truncated or not of that format
 */
export function openSafetensors(path: string): Checkpoint {
  const file = RandomAccessFile.open(path);
  try {
    const tensors = readHeader(file);
    const realPath = realpathSync(path);
    const readPart = (name: string, from: number, target: Uint8Array) =>
      file.readInto(tensors.get(name)!.position + from, target);
    const readInto = (name: string, target: Uint8Array) => readPart(name, 0, target);
    const place = (name: string) => ({ file: basename(realPath), position: tensors.get(name)!.position });
    return {
      file: file.name,
      tensors,
      readInto,
      readPart,
      folder: dirname(realPath),
      place,
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readHeader(file: RandomAccessFile): ReadonlyMap<string, Entry> {
  const start = new DataView(file.read(0, 8).buffer).getBigUint64(0, true);
  if (start > maxHeaderBytes || 8 + Number(start) > file.size) {
    throw file.error('is not a safetensors file, or truncated: its header does not fit the file');
  }
  const header = headerSchema.safeParse(parseJson(file, file.read(8, Number(start))));
  if (!header.success) throw file.error('has a damaged header');
  const tensors = Object.entries(header.data).filter(([name]) => name !== '__metadata__');
  return new Map(tensors.map(([name, entry]) => [name, readEntry(file, name, entry, 8 + Number(start))]));
}

function parseJson(file: RandomAccessFile, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw file.error('has a damaged header: it is not JSON');
  }
}

function readEntry(file: RandomAccessFile, name: string, json: unknown, dataStart: number): Entry {
  const entry = entrySchema.safeParse(json);
  if (!entry.success) throw file.error(`has a damaged header: the entry of ${name}`);
  const {
    dtype,
    shape,
    data_offsets: [begin, end],
  } = entry.data;
  if (dataStart + end > file.size)
    throw file.error(`is truncated: ${name} lies beyond its end; download it again`);
  const type = Object.hasOwn(storedBytes, dtype) ? (dtype as StoredType) : undefined;
  const expected = type && shape.reduce((product, dim) => product * dim, storedBytes[type]);
  if (expected !== end - begin)
    throw file.error(`has a damaged header: the size of ${name} (${dtype}) is wrong`);
  return { type: type!, shape, position: dataStart + begin };
}
