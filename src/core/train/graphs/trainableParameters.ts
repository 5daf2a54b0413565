import type { EncoderConfig } from '../../encoder/config';
import type { EncoderParameters } from '../../encoder/encoderParameters';
import type { WeightSpec } from '../../encoder/weightNames';
import { encoderWeights, headWeights, predictionHeadWeights } from '../../encoder/weightNames';
import type { GraphBuilder } from '../../graph/graphBuilder';
import type { FloatLinear } from '../../graph/operators/dense';
import type { Table } from '../../graph/operators/embedding';
import type { Norm } from '../../graph/operators/normalisation';
import type { Value } from '../../graph/value';

/** One or more published weights, one after another in memory, that a graph is fed as one tensor. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly pieces: readonly WeightSpec[];
}

export function elementsOf({ shape }: { readonly shape: readonly number[] }): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Where a graph gets a parameter from. */
export type ParameterSource = (parameter: Parameter) => Value;

/** The weights of an encoder in single precision, as values that a graph can be differentiated by. */
export class TrainableParameters implements EncoderParameters {
  readonly stacks = true;
  private readonly shapes: ReadonlyMap<string, readonly number[]>;

  constructor(
    private readonly graph: GraphBuilder,
    config: EncoderConfig,
    private readonly source: ParameterSource,
  ) {
    const specs = [...encoderWeights(config), ...headWeights(config), ...predictionHeadWeights(config)];
    this.shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  }

  linear(...names: string[]): FloatLinear {
    return this.floatLinear(...names);
  }

  floatLinear(...names: string[]): FloatLinear {
    const weight = this.stacked(names.map((name) => `${name}.weight`));
    const bias = this.shapes.has(`${names[0]!}.bias`)
      ? this.stacked(names.map((name) => `${name}.bias`))
      : undefined;
    return { kind: 'float32', outputs: weight.shape[0] as number, weight, bias };
  }

  norm(name: string, epsilon: number): Norm {
    const bias = this.shapes.has(`${name}.bias`) ? this.stacked([`${name}.bias`]) : undefined;
    return { weight: this.stacked([`${name}.weight`]), bias, epsilon };
  }

  table(name: string): Table {
    throw new Error(`${name} is looked up outside of the graphs that train`);
  }

  derived(name: string): Value {
    throw new Error(`${name} is not trained`);
  }

  private stacked(names: readonly string[]): Value {
    const [first, ...rest] = names.map((name) => this.shapes.get(name)!);
    const rows = rest.reduce((sum, shape) => sum + shape[0]!, first![0]!);
    const pieces = names.map((name) => ({ name, shape: this.shapes.get(name)! }));
    const parameter = { name: names.join('+'), shape: [rows, ...first!.slice(1)], pieces };
    return this.graph.once(`parameter ${parameter.name}`, () => this.source(parameter));
  }
}
