import { rename, rm } from 'node:fs/promises';
import type { StoredType } from '../../core/encoder/checkpoint';
import type { TensorElements, TensorEntry } from './writeSafetensors';
import { writeSafetensors } from './writeSafetensors';

/** A tensor to be written; its elements are asked for when their turn comes. */
export interface TensorToWrite extends TensorEntry {
  readonly type: StoredType;
  elements(): TensorElements;
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
export async function replaceSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  const partial = `${path}.partial`;
  const ordered = inReferenceOrder(tensors);
  try {
    await writeSafetensors(partial, ordered, elementsOf(ordered), metadata);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${path}: cannot be written (${code ?? message})`, { cause: error });
  }
}

async function* elementsOf(tensors: readonly TensorToWrite[]) {
  for (const tensor of tensors) yield { name: tensor.name, values: tensor.elements() };
}

function inReferenceOrder(tensors: readonly TensorToWrite[]): TensorToWrite[] {
  const rank = ({ type }: TensorToWrite): number => typeOrder.indexOf(type);
  return [...tensors].sort((a, b) => rank(b) - rank(a) || (a.name < b.name ? -1 : Number(a.name > b.name)));
}
