import type { StateTensor } from '../../engine';
import type { StateEntry } from '../parameters/checkedState';
import type { UpdateNumbers } from '../parameters/parameterStore';

/** A table of vectors, one a row, that learns outside of the graphs. */
export interface LearningTable {
  readonly name: string;
  /** Elements of a row. */
  readonly width: number;
  /** Adds row `id`, or its moving average, to `target` at element `at`. */
  addRow(id: number, target: Float32Array, at: number, averaged: boolean): void;
  /** Adds `width` elements of `source` from element `from` to the gradient of row `id`. */
  addGradient(id: number, source: Float32Array, from: number): void;
  squaredGradient(): number;
  /** Moves the weights by AdamW and forgets the gradient. */
  update(numbers: UpdateNumbers): void;
  /** The tensors of `state`, in its order. */
  entries(): StateEntry[];
  state(): Iterable<StateTensor>;
  /** Takes back one tensor of `state`, in its order, into a table that has just been made of the same weights. */
  restore(tensor: StateTensor): void;
}

/** The tables of an encoder as one. */
export class LearningTables {
  constructor(private readonly tables: readonly LearningTable[]) {}

  squaredGradient(): number {
    return this.tables.reduce((sum, table) => sum + table.squaredGradient(), 0);
  }

  update(numbers: UpdateNumbers): void {
    for (const table of this.tables) table.update(numbers);
  }

  entries(): StateEntry[] {
    return this.tables.flatMap((table) => table.entries());
  }

  *state(): Iterable<StateTensor> {
    for (const table of this.tables) yield* table.state();
  }

  /** Whether the tensor was one of these tables'. */
  restore(tensor: StateTensor): boolean {
    const name = tensor.name.split('#')[0];
    const table = this.tables.find((candidate) => candidate.name === name);
    table?.restore(tensor);
    return table !== undefined;
  }
}
