import type { OptimiserOptions, StateTensor } from '../../engine';
import { adamWStep, learns, averageDecay, moveWeights, squaredNorm } from '../parameters/adamW';
import type { StateEntry } from '../parameters/checkedState';
import { keptKinds } from '../parameters/checkedState';
import type { LearningTable } from './learningTable';
import type { UpdateNumbers } from '../parameters/parameterStore';

/**
 * A table of vectors [rows, width] that learns by AdamW, in time and memory that follow the rows a corpus uses: a
 * vocabulary of 256,000 words holds moments for those met. The numbers are those of an update of the whole table: rows
 * that never had a gradient only decay, all alike, which is kept as one factor until a row is met or read.
 */
export class EmbeddingTable implements LearningTable {
  readonly rows: number;
  /** Where a row that was met keeps its gradient and moments; -1 where it was not. */
  private readonly slots: Int32Array;
  private readonly met: number[] = [];
  private gradient = new Float32Array(0);
  private mean = new Float32Array(0);
  private variance = new Float32Array(0);
  private average: Float32Array | undefined;
  /** What decay has left of rows that were never met. */
  private kept = 1;
  private averageKept = 1;
  /** Whether a state has said which rows were met. */
  private knowsRows = false;

  constructor(
    readonly name: string,
    private readonly values: Float32Array,
    readonly width: number,
    private readonly options: OptimiserOptions,
  ) {
    this.rows = values.length / width;
    this.slots = new Int32Array(this.rows).fill(-1);
    if (options.averageDecay !== undefined) this.average = new Float32Array(0);
  }

  addRow(id: number, target: Float32Array, at: number, averaged: boolean): void {
    const { width } = this;
    const slot = this.slots[id]!;
    const [source, start, scale] =
      slot < 0
        ? [this.values, id * width, averaged ? this.averageKept : this.kept]
        : averaged
          ? [this.average!, slot * width, 1]
          : [this.values, id * width, 1];
    for (let i = 0; i < width; i++) target[at + i] = target[at + i]! + source[start + i]! * scale;
  }

  addGradient(id: number, source: Float32Array, from: number): void {
    const start = this.slotOf(id) * this.width;
    for (let i = 0; i < this.width; i++)
      this.gradient[start + i] = this.gradient[start + i]! + source[from + i]!;
  }

  squaredGradient(): number {
    if (!learns(this.options, this.name)) return 0;
    return squaredNorm(this.gradient.subarray(0, this.met.length * this.width));
  }

  update(numbers: UpdateNumbers): void {
    const own = this.options.parameter(this.name);
    const step = adamWStep(this.options, own, numbers);
    if (own.rate === 0) return this.forgetGradient();
    this.met.forEach((id, slot) => this.moveRow(id, slot, step));
    // In single precision, as a checkpoint holds it.
    this.kept = Math.fround(this.kept * step.keep);
    this.moveAverage(numbers.update);
    this.forgetGradient();
  }

  /** Besides what every weight has: in which order rows were met, and what decay left of the others. */
  entries(): StateEntry[] {
    const { name, rows, width } = this;
    const kinds = keptKinds(this.average !== undefined);
    return [
      { name: `${name}#met`, kind: 'variance', shape: [rows] },
      { name: `${name}#kept`, kind: 'variance', shape: [2] },
      ...kinds.map((kind) => ({ name, kind, shape: [rows, width] })),
    ];
  }

  *state(): Iterable<StateTensor> {
    for (const entry of this.entries()) yield { ...entry, values: this.valuesOf(entry) };
  }

  /** @throws Error where a tensor comes before the one that says which rows were met */
  restore({ name, kind, values }: StateTensor): void {
    if (name.endsWith('#met')) this.meetAgain(values);
    else if (!this.knowsRows) throw new Error(`${name} (${kind}) comes before ${this.name}#met`);
    else if (name.endsWith('#kept')) [this.kept, this.averageKept] = [values[0]!, values[1]!];
    else {
      const { width } = this;
      const slots = kind === 'average' ? this.average! : kind === 'weight' ? this.values : this[kind];
      this.met.forEach((id, slot) =>
        slots.set(values.subarray(id * width, (id + 1) * width), (kind === 'weight' ? id : slot) * width),
      );
    }
  }

  private valuesOf({ name, kind }: StateEntry): Float32Array {
    if (name.endsWith('#met')) return Float32Array.from(this.slots, (slot) => slot + 1);
    if (name.endsWith('#kept')) return Float32Array.of(this.kept, this.averageKept);
    if (kind === 'weight' || kind === 'average') return this.wholeTable(kind === 'average');
    return this.spread(this[kind]);
  }

  /** @param places by row, the place in the order of meeting counted from 1, 0 where a row was not met */
  private meetAgain(places: Float32Array): void {
    const met = [...places.keys()].filter((id) => places[id]! > 0);
    for (const id of met.sort((a, b) => places[a]! - places[b]!)) this.meet(id);
    this.knowsRows = true;
  }

  private moveRow(id: number, slot: number, step: ReturnType<typeof adamWStep>): void {
    const { width } = this;
    const view = (array: Float32Array, row: number) => array.subarray(row * width, (row + 1) * width);
    const moments = {
      weight: view(this.values, id),
      mean: view(this.mean, slot),
      variance: view(this.variance, slot),
    };
    moveWeights(moments, view(this.gradient, slot), step);
  }

  private moveAverage(update: number): void {
    if (!this.average || this.options.averageDecay === undefined) return;
    const decay = averageDecay(this.options.averageDecay, update);
    const { width, average } = this;
    this.met.forEach((id, slot) => {
      for (let i = 0; i < width; i++) {
        const weight = this.values[id * width + i]!;
        const at = slot * width + i;
        average[at] = weight + decay * (average[at]! - weight);
      }
    });
    this.averageKept = Math.fround(this.kept + decay * (this.averageKept - this.kept));
  }

  private forgetGradient(): void {
    this.gradient.fill(0, 0, this.met.length * this.width);
  }

  private slotOf(id: number): number {
    const known = this.slots[id]!;
    return known < 0 ? this.meet(id) : known;
  }

  /** Gives a row its moments; from now on it holds what decay has left of it. */
  private meet(id: number): number {
    const { width, met } = this;
    const slot = met.push(id) - 1;
    this.slots[id] = slot;
    if ((slot + 1) * width > this.mean.length) this.grow();
    const start = id * width;
    for (let i = 0; i < width; i++) {
      const original = this.values[start + i]!;
      if (this.average) this.average[slot * width + i] = original * this.averageKept;
      this.values[start + i] = original * this.kept;
    }
    return slot;
  }

  private grow(): void {
    const length = Math.min(this.rows, Math.max(256, 2 * this.met.length)) * this.width;
    const longer = (array: Float32Array) => {
      const grown = new Float32Array(length);
      grown.set(array);
      return grown;
    };
    this.gradient = longer(this.gradient);
    this.mean = longer(this.mean);
    this.variance = longer(this.variance);
    if (this.average) this.average = longer(this.average);
  }

  private wholeTable(averaged: boolean): Float32Array {
    const table = new Float32Array(this.values.length);
    for (let id = 0; id < this.rows; id++) this.addRow(id, table, id * this.width, averaged);
    return table;
  }

  /** Rows of slots in their places in the table, zeros elsewhere. */
  private spread(bySlot: Float32Array): Float32Array {
    const { width } = this;
    const table = new Float32Array(this.values.length);
    this.met.forEach((id, slot) => table.set(bySlot.subarray(slot * width, (slot + 1) * width), id * width));
    return table;
  }
}
