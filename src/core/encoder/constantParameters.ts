import type { Precision } from '../ports';
import type { GraphBuilder } from '../graph/graphBuilder';
import { bytesOf } from '../graph/graphBuilder';
import type { FloatLinear, Int8Linear, Linear } from '../graph/operators/dense';
import type { Table } from '../graph/operators/embedding';
import { concat, transpose } from '../graph/operators/shape';
import type { Norm } from '../graph/operators/normalisation';
import type { Value } from '../graph/value';
import { byteLength } from '../graph/value';
import type { StoredPlace } from './checkpoint';
import type { EncoderParameters } from './encoderParameters';
import type { EncoderWeights } from './weights';

export interface ConstantOptions {
  readonly precision: Precision;
  /** Leaves weights that the runtime can read by itself in their file. */
  readonly external: boolean;
}

/** The weights of an encoder as constants of a graph, in single or half precision or eight bits. */
export function constantParameters(
  graph: GraphBuilder,
  weights: EncoderWeights,
  options: ConstantOptions,
): EncoderParameters {
  return new ConstantParameters(graph, weights, options);
}

class ConstantParameters implements EncoderParameters {
  private readonly precision: Precision;
  private readonly external: boolean;
  readonly stacks: boolean;

  constructor(
    private readonly graph: GraphBuilder,
    private readonly weights: EncoderWeights,
    { precision, external }: ConstantOptions,
  ) {
    this.precision = precision;
    this.external = external;
    this.stacks = precision === 'int8' || !external;
  }

  linear(...names: string[]): Linear {
    return this.precision === 'int8' ? this.int8Linear(names) : this.floatLinear(...names);
  }

  floatLinear(...names: string[]): FloatLinear {
    const outputs = this.outputs(names);
    const inputs = this.weights.shape(`${names[0]!}.weight`)[1]!;
    const weight = this.float(
      names.map((name) => `${name}.weight`),
      [outputs, inputs],
    );
    return { kind: 'float32', outputs, weight, bias: this.bias(names, outputs) };
  }

  norm(name: string, epsilon: number): Norm {
    const width = this.weights.shape(`${name}.weight`)[0]!;
    const bias = this.weights.has(`${name}.bias`) ? this.float([`${name}.bias`], [width]) : undefined;
    return { weight: this.float([`${name}.weight`], [width]), bias, epsilon };
  }

  table(name: string): Table {
    const [size, width] = this.weights.shape(name) as [number, number];
    if (!this.keepsInt8(name)) return { rows: this.float([name], [size, width]), scale: undefined };
    const scales = new Float32Array(size);
    const rows =
      this.storedRows(name, scales, 0) ??
      this.graph.initializer(name, 'int8', [size, width], (target) =>
        this.weights.writeInt8(name, target, scales),
      );
    return { rows, scale: this.scale(name, scales, [size, 1]) };
  }

  /** Rows stored in eight bits give the same numbers when only those looked up are expanded, in a quarter of the memory. */
  private keepsInt8(table: string): boolean {
    return this.precision === 'int8' || (this.graph.fused && this.weights.isInt8(table));
  }

  derived(name: string, shape: readonly number[], compute: (weights: EncoderWeights) => Float32Array): Value {
    return this.graph.initializer(name, 'float32', shape, (target) =>
      target.set(bytesOf(compute(this.weights))),
    );
  }

  private int8Linear(names: readonly string[]): Int8Linear {
    const outputs = this.outputs(names);
    const inputs = this.weights.shape(`${names[0]!}.weight`)[1]!;
    const name = `${names.join('+')}.weight`;
    const scales = new Float32Array(outputs);
    const weight =
      this.storedStack(names, scales) ??
      this.graph.initializer(name, 'int8', [inputs, outputs], (target) => this.stack(names, target, scales));
    return {
      kind: 'int8',
      outputs,
      weight,
      scale: this.scale(name, scales),
      bias: this.bias(names, outputs),
    };
  }

  /** Scales that are filled in together with their weight, which is serialised before them. */
  private scale(name: string, scales: Float32Array, shape = [scales.length]): Value {
    return this.graph.initializer(`${name}.scale`, 'float32', shape, (target) => target.set(bytesOf(scales)));
  }

  /** The transposed eight-bit weights side by side, [inputs, outputs]; their scales go to `scales` [outputs]. */
  private stack(names: readonly string[], target: Uint8Array, scales: Float32Array): void {
    let offset = 0;
    for (const name of names) {
      const weight = `${name}.weight`;
      this.weights.writeInt8Transposed(weight, target, scales.length, offset, scales.subarray(offset));
      offset += this.weights.shape(weight)[0]!;
    }
  }

  /**
   * The same from the file: the runtime turns weights on their side once, while it compiles, and much faster.
   * Undefined where one of them must be written.
   */
  private storedStack(names: readonly string[], scales: Float32Array): Value | undefined {
    const stored = names.map((name) => `${name}.weight`);
    if (!stored.every((name) => this.placeOfInt8(name))) return undefined;
    let outputs = 0;
    const parts = stored.map((name) => {
      const part = this.storedRows(name, scales, outputs)!;
      outputs += this.weights.shape(name)[0]!;
      return part;
    });
    return transpose(this.graph, parts.length > 1 ? concat(this.graph, parts, 0) : parts[0]!, [1, 0]);
  }

  /** A matrix of eight bits [rows, columns] in its file, its scales put into `scales` from `offset` on. */
  private storedRows(name: string, scales: Float32Array, offset: number): Value | undefined {
    const place = this.placeOfInt8(name);
    if (!place) return undefined;
    scales.set(this.weights.storedScales(name), offset);
    return this.graph.initializer(name, 'int8', this.weights.shape(name), place);
  }

  private placeOfInt8(name: string): StoredPlace | undefined {
    return this.external ? this.weights.place(name, 'I8') : undefined;
  }

  private bias(names: readonly string[], outputs: number): Value | undefined {
    const biases = names.map((name) => `${name}.bias`);
    return this.weights.has(biases[0]!) ? this.float(biases, [outputs]) : undefined;
  }

  /** Weights one after another, in single precision. */
  private float(names: readonly string[], shape: readonly number[]): Value {
    // Half precision has to be written.
    const place =
      this.external && !this.graph.half && names.length === 1
        ? this.weights.place(names[0]!, 'F32')
        : undefined;
    if (place) return this.graph.initializer(names[0]!, 'float32', shape, place);
    return this.graph.initializer(names.join('+'), 'float32', shape, (target) => {
      let start = 0;
      for (const name of names) {
        const end = start + byteLength('float32', this.weights.shape(name));
        this.weights.writeFloat32(name, target.subarray(start, end));
        start = end;
      }
    });
  }

  private outputs(names: readonly string[]): number {
    return names.reduce((sum, name) => sum + this.weights.shape(`${name}.weight`)[0]!, 0);
  }
}
