import type { FloatLinear, Linear } from '../graph/operators/dense';
import type { Table } from '../graph/operators/embedding';
import type { Norm } from '../graph/operators/normalisation';
import type { Value } from '../graph/value';
import type { EncoderWeights } from './weights';

/** The weights of an encoder as values of a graph, by their published names: constants, or inputs while training. */
export interface EncoderParameters {
  /**
   * Whether dense layers over the same input are best read as one. Eight-bit products then share one quantisation of it;
   * weights that the runtime reads in their file stay apart, as the checkpoint has them.
   */
  readonly stacks: boolean;
  /** One dense layer, or several over the same input as one: their outputs stand side by side. */
  linear(...names: string[]): Linear;
  /** A dense layer that stays in single precision. */
  floatLinear(...names: string[]): FloatLinear;
  norm(name: string, epsilon: number): Norm;
  /** An embedding table [size, width]. */
  table(name: string): Table;
  /** A constant that `compute` derives from the weights in single precision. */
  derived(name: string, shape: readonly number[], compute: (weights: EncoderWeights) => Float32Array): Value;
}
