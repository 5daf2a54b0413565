import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Checkpoint, StoredTensor } from '../../src/core/encoder/checkpoint';
import { shortName } from '../../src/core/library/names';
import { PUBLISHED_ENCODERS } from '../../src/core/library/published';

const folder = path.join(import.meta.dirname, '..', 'oracles', 'published');

/** The nine encoders of the study, whose folders test/oracles/make_published.py wrote at a tiny size. */
export const publishedNames = PUBLISHED_ENCODERS.map(({ id }) => shortName(id));

export const publishedPath = (name: string): string => path.join(folder, name);

const json = (name: string, file: string): unknown =>
  JSON.parse(readFileSync(path.join(publishedPath(name), file), 'utf8'));

/** Texts, and what transformers makes of them with a classifier for the encoder. */
export interface PublishedOracle {
  readonly texts: readonly string[];
  readonly ids: readonly (readonly number[])[];
  readonly classifier: { readonly weight: readonly (readonly number[])[]; readonly bias: readonly number[] };
  readonly logits: readonly (readonly (readonly number[])[])[];
}

export const publishedOracle = (name: string): PublishedOracle =>
  json(name, 'oracle.json') as PublishedOracle;

interface TrueShape {
  readonly config: object;
  /** Shape, and first and last of the layers that a "*" stands for. */
  readonly weights: Readonly<Record<string, readonly [number[], number | null, number | null]>>;
}

/** The config.json at true size, and a checkpoint of the names and shapes that transformers has for it, without bytes. */
export function trueShape(name: string): { config: string; checkpoint: Checkpoint } {
  const { config, weights } = json(name, 'true.json') as TrueShape;
  const tensors = new Map<string, StoredTensor>();
  for (const [key, [shape, first, last]] of Object.entries(weights))
    for (let layer = first ?? 0; layer <= (last ?? 0); layer++)
      tensors.set(key.replace('*', String(layer)), { type: 'F32', shape });
  const readInto = () => assertUnread();
  return {
    config: JSON.stringify(config),
    checkpoint: { file: name, tensors, readInto, close: () => undefined },
  };
}

function assertUnread(): never {
  throw new Error('has no bytes');
}

/** The checkpoint with a classifier besides. */
export function withClassifier(checkpoint: Checkpoint, { classifier }: PublishedOracle): Checkpoint {
  const { weight, bias } = classifier;
  const added = new Map([
    ['classifier.weight', { shape: [weight.length, weight[0]!.length], values: weight.flat() }],
    ['classifier.bias', { shape: [bias.length], values: bias }],
  ]);
  const stored = [...added].map(([name, { shape }]) => [name, { type: 'F32', shape }] as const);
  return {
    file: checkpoint.file,
    tensors: new Map<string, StoredTensor>([...checkpoint.tensors, ...stored]),
    readInto(name, target) {
      const own = added.get(name);
      if (own) target.set(new Uint8Array(Float32Array.from(own.values).buffer));
      else checkpoint.readInto(name, target);
    },
    close: () => checkpoint.close(),
  };
}
