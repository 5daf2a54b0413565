import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Checkpoint } from '../../core/encoder/checkpoint';
import { EncoderError } from '../../core/encoder/encoderError';

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens a checkpoint that an index file spreads over several files (`weight_map`: from weight to file).
 * @param openShard opens one of them
 * @throws EncoderError when the index is damaged or names a file outside its folder, or a shard lacks its weights
 */
export async function openSharded(
  indexPath: string,
  openShard: (path: string) => Checkpoint | Promise<Checkpoint>,
): Promise<Checkpoint> {
  const file = basename(indexPath);
  const map = readIndex(indexPath, file);
  const shards = new Map<string, Checkpoint>();
  const close = () => shards.forEach((shard) => shard.close());
  try {
    for (const name of new Set(map.values())) {
      if (basename(name) !== name) throw new EncoderError(file, `names a file outside its folder: ${name}`);
      shards.set(name, await openShard(join(dirname(indexPath), name)));
    }
    const tensors = new Map([...map].map(([weight, name]) => [weight, tensorOf(shards.get(name)!, weight)]));
    const readInto = (weight: string, target: Uint8Array) =>
      shards.get(map.get(weight)!)!.readInto(weight, target);
    const inParts = [...shards.values()].every((shard) => shard.readPart);
    const readPart = (weight: string, from: number, target: Uint8Array) =>
      shards.get(map.get(weight)!)!.readPart!(weight, from, target);
    const [{ folder } = {}] = shards.values();
    const place = (weight: string) => {
      const shard = shards.get(map.get(weight)!)!;
      return shard.folder === folder ? shard.place?.(weight) : undefined;
    };
    return { file, tensors, readInto, ...(inParts ? { readPart } : {}), folder, place, close };
  } catch (error) {
    close();
    throw error;
  }
}

function readIndex(path: string, file: string): ReadonlyMap<string, string> {
  try {
    const index = indexSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(Object.entries(index.weight_map));
  } catch {
    throw new EncoderError(file, 'is not a checkpoint index: it has no readable weight_map');
  }
}

function tensorOf(shard: Checkpoint, weight: string) {
  const tensor = shard.tensors.get(weight);
  if (tensor === undefined)
    throw new EncoderError(shard.file, `does not hold ${weight}, which the index promises`);
  return tensor;
}
