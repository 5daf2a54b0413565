import type { WeightSpec } from '../../../encoder/weightNames';
import type { OptimiserOptions, StateTensor } from '../../engine';
import {
  adamWStep,
  learns,
  addInto,
  averageDecay,
  moveAverage,
  moveWeights,
  squaredNorm,
} from '../parameters/adamW';
import type { StateEntry } from '../parameters/checkedState';
import { keptKinds } from '../parameters/checkedState';
import type { LearningTable } from './learningTable';
import type { UpdateNumbers } from '../parameters/parameterStore';

/**
 * A table [rows, width], or a vector [rows], every row of which learns in every step, as those of a softmax over all
 * rows do. Graphs are fed stretches of it without a copy and write their gradients in place.
 */
export class DenseTable implements LearningTable {
  readonly name: string;
  readonly width: number;
  private readonly shape: readonly number[];
  private readonly gradient: Float32Array;
  /** Whether `gradient` is more than zeros. */
  private gathered = false;
  /** Gradients on their way to the sum. */
  private scratch: Float32Array | undefined;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  private readonly average: Float32Array | undefined;

  constructor(
    { name, shape }: WeightSpec,
    readonly weight: Float32Array,
    private readonly options: OptimiserOptions,
  ) {
    const zeros = () => new Float32Array(weight.length);
    this.name = name;
    this.shape = shape;
    this.width = shape[1] ?? 1;
    [this.gradient, this.mean, this.variance] = [zeros(), zeros(), zeros()];
    this.average = options.averageDecay === undefined ? undefined : weight.slice();
  }

  addRow(id: number, target: Float32Array, at: number, averaged: boolean): void {
    const source = averaged ? (this.average ?? this.weight) : this.weight;
    const start = id * this.width;
    for (let i = 0; i < this.width; i++) target[at + i] = target[at + i]! + source[start + i]!;
  }

  addGradient(id: number, source: Float32Array, from: number): void {
    const start = id * this.width;
    for (let i = 0; i < this.width; i++)
      this.gradient[start + i] = this.gradient[start + i]! + source[from + i]!;
    this.gathered = true;
  }

  /** Rows `from` to before `to`, in place. */
  rows(from: number, to: number): Float32Array {
    return this.stretch(this.weight, from, to);
  }

  /** Where a graph may write these rows' gradient before `gatherRows` takes it: in its place where that is still empty. */
  gradientRows(from: number, to: number): Float32Array {
    if (this.gathered) this.scratch ??= new Float32Array(this.weight.length);
    return this.stretch(this.gathered ? this.scratch! : this.gradient, from, to);
  }

  /** Adds the gradient of rows `from` to before `to`, unless it was written in its place. */
  gatherRows(from: number, to: number, gradient: Float32Array): void {
    if (gradient.buffer !== this.gradient.buffer) addInto(this.stretch(this.gradient, from, to), gradient);
  }

  /** Says that all that a graph wrote has been taken. */
  endGathering(): void {
    this.gathered = true;
  }

  squaredGradient(): number {
    return this.gathered && learns(this.options, this.name) ? squaredNorm(this.gradient) : 0;
  }

  update(numbers: UpdateNumbers): void {
    const own = this.options.parameter(this.name);
    if (own.rate > 0 && this.gathered)
      moveWeights(this, this.gradient, adamWStep(this.options, own, numbers));
    const { averageDecay: decay } = this.options;
    if (own.rate > 0 && this.average && decay !== undefined)
      moveAverage(this.average, this.weight, averageDecay(decay, numbers.update));
    this.gradient.fill(0);
    this.gathered = false;
  }

  entries(): StateEntry[] {
    const { name, shape } = this;
    return keptKinds(this.average !== undefined).map((kind) => ({ name, kind, shape }));
  }

  *state(): Iterable<StateTensor> {
    for (const entry of this.entries()) yield { ...entry, values: this[entry.kind]! };
  }

  restore({ name, kind, values }: StateTensor): void {
    const target = this[kind];
    if (!target) throw new Error(`${name} (${kind}) is not trained here`);
    target.set(values);
  }

  private stretch(array: Float32Array, from: number, to: number): Float32Array {
    return array.subarray(from * this.width, to * this.width);
  }
}
