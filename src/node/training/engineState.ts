import type { StateTensor } from '../../core/train/engine';
import { TrainingError } from '../../core/train/trainingError';
import { openSafetensors } from '../checkpoint/safetensors';
import type { TensorEntry } from '../checkpoint/writeSafetensors';
import { writeSafetensors } from '../checkpoint/writeSafetensors';
import { isOutOfMemory } from './outOfMemory';

/** An engine as far as saving it goes. */
export interface Stateful {
  readonly updates: number;
  state(): AsyncIterable<StateTensor>;
  restore(tensors: AsyncIterable<StateTensor>, updates: number): Promise<void>;
}

/** `mean:bert.embeddings…`: kinds have no colon. */
const stored = ({ kind, name }: Pick<StateTensor, 'kind' | 'name'>): string => `${kind}:${name}`;

/** Saves and restores one engine. What its state consists of never changes, so it is asked once. */
export class EngineStore {
  private shapes: readonly StateTensor[] | undefined;

  constructor(private readonly engine: Stateful) {}

  async save(file: string): Promise<void> {
    const entries = (await this.tensors()).map((tensor) => ({ name: stored(tensor), shape: tensor.shape }));
    await writeSafetensors(
      file,
      entries,
      mapAsync(this.engine.state(), (tensor) => [{ name: stored(tensor), values: tensor.values }]),
    );
  }

  /** @throws TrainingError where the file does not hold this engine's state */
  async restore(file: string, updates: number): Promise<void> {
    try {
      await this.engine.restore(readState(file), updates);
    } catch (error) {
      if (isOutOfMemory(error)) throw error;
      const advice = 'it is damaged or of another run, so choose another folder for --out';
      throw new TrainingError('settings', `${file}: ${(error as Error).message}: ${advice}`);
    }
  }

  /**
   * Writes the weights that are scored, under the names that `nameOf` gives them, to a checkpoint that transformers
   * reads.
   */
  async saveWeights(file: string, nameOf: (name: string) => string): Promise<void> {
    const all = await this.tensors();
    const kind = all.some((tensor) => tensor.kind === 'average') ? 'average' : 'weight';
    const entries: TensorEntry[] = all
      .filter((tensor) => tensor.kind === kind)
      .map(({ name, shape }) => ({ name: nameOf(name), shape }));
    const weights = mapAsync(this.engine.state(), (tensor) =>
      tensor.kind === kind ? [{ name: nameOf(tensor.name), values: tensor.values }] : [],
    );
    await writeSafetensors(file, entries, weights, { format: 'pt' });
  }

  private async tensors(): Promise<readonly StateTensor[]> {
    if (this.shapes) return this.shapes;
    const shapes: StateTensor[] = [];
    // The values are not kept: they may be views of memory that goes on changing.
    for await (const tensor of this.engine.state()) shapes.push({ ...tensor, values: new Float32Array(0) });
    return (this.shapes = shapes);
  }
}

async function* readState(path: string): AsyncGenerator<StateTensor> {
  const file = openSafetensors(path);
  try {
    for (const [name, { shape, type }] of file.tensors) {
      if (type !== 'F32') throw new Error(`${name} is stored as ${type}, not as F32`);
      const colon = name.indexOf(':');
      const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
      file.readInto(name, new Uint8Array(values.buffer));
      yield { kind: name.slice(0, colon) as StateTensor['kind'], name: name.slice(colon + 1), shape, values };
    }
  } finally {
    file.close();
  }
}

async function* mapAsync<A, B>(items: AsyncIterable<A>, map: (item: A) => readonly B[]): AsyncGenerator<B> {
  for await (const item of items) yield* map(item);
}
