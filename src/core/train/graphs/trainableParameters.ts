import type { EncoderConfig } from '../../encoder/config';
import type { Parameters } from '../../encoder/parameters';
import { encoderWeights, headWeights } from '../../encoder/weightNames';
import type { GraphBuilder } from '../../graph/graphBuilder';
import type { FloatLinear } from '../../graph/operators/dense';
import type { Table } from '../../graph/operators/embedding';
import type { Norm } from '../../graph/operators/normalisation';
import type { Value } from '../../graph/value';

/** A weight that a graph is fed, or several one after another in memory, which it reads as one: `a.weight+b.weight`. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The published names of what a parameter is made of. */
export function partsOf({ name }: Parameter): string[] {
  return name.split('+');
}

/** The weights of an encoder as inputs of a graph, in single precision; `list` names those asked for so far. */
export class TrainableParameters implements Parameters {
  readonly list: { readonly parameter: Parameter; readonly value: Value }[] = [];
  private readonly shapes: ReadonlyMap<string, readonly number[]>;

  constructor(
    private readonly graph: GraphBuilder,
    config: EncoderConfig,
  ) {
    const specs = [...encoderWeights(config), ...headWeights(config)];
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
    const parameter = { name: names.join('+'), shape: [rows, ...first!.slice(1)] };
    return this.graph.once(`parameter ${parameter.name}`, () => {
      const value = this.graph.input(parameter.name, 'float32', parameter.shape);
      this.list.push({ parameter, value });
      return value;
    });
  }
}
