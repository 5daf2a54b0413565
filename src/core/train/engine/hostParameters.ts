import type { OptimiserOptions, StateKind, StateTensor } from '../engine';
import type { Tensors, TensorValue } from '../../ports';
import { io } from '../graphs/trainingGraph';
import type { Parameter } from '../graphs/trainableParameters';
import { partsOf } from '../graphs/trainableParameters';
import { adamWStep, addInto, averageDecay, moveAverage, moveWeights, squaredNorm } from './adamW';
import type { CompiledGraph, Naming, ParameterStore, UpdateNumbers } from './parameterStore';

/** Reads a published weight in single precision. */
export type ReadWeight = (name: string) => Float32Array;

/** One parameter with everything that learning needs of it. */
interface Held {
  readonly parameter: Parameter;
  readonly weight: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly average: Float32Array | undefined;
  readonly gradient: Float32Array;
  /** Whether `gradient` holds anything since the last update. */
  gathered: boolean;
}

/** Parameters in the memory of this process, as the CPU's graphs read and write them without a copy. */
export class HostParameters implements ParameterStore {
  private readonly held = new Map<string, Held>();
  /** Gradients on their way to the sum, by the parameter as the graph names it. */
  private readonly scratch = new Map<string, Float32Array>();

  constructor(
    parameters: readonly Parameter[],
    read: ReadWeight,
    private readonly options: OptimiserOptions,
  ) {
    for (const parameter of parameters) this.held.set(parameter.name, hold(parameter, read, options));
  }

  async forward(
    { session, graph }: CompiledGraph,
    feeds: Tensors,
    naming: Naming,
    averaged: boolean,
  ): Promise<Tensors> {
    return session.run({ ...feeds, ...this.weights(graph.parameters, naming, averaged) });
  }

  async backward({ session, graph }: CompiledGraph, feeds: Tensors, naming: Naming): Promise<Tensors> {
    const targets = new Map(graph.parameters.map(({ name }) => [io.gradient(name), this.get(naming(name))]));
    const fetches = Object.fromEntries(
      graph.outputs.map((name): [string, TensorValue | null] => {
        const target = targets.get(name);
        return [name, target ? this.destination(name, target) : null];
      }),
    );
    const results = await session.run(
      { ...feeds, ...this.weights(graph.parameters, naming, false) },
      fetches,
    );
    for (const [name, target] of targets) this.gather(target, fetches[name]!);
    return Object.fromEntries(Object.entries(results).filter(([name]) => !targets.has(name)));
  }

  squaredGradient(): Promise<number> {
    let sum = 0;
    for (const { gradient, gathered } of this.held.values()) if (gathered) sum += squaredNorm(gradient);
    return Promise.resolve(sum);
  }

  update(numbers: UpdateNumbers): Promise<void> {
    for (const held of this.held.values()) this.move(held, numbers);
    return Promise.resolve();
  }

  async *state(): AsyncIterable<StateTensor> {
    for (const held of this.held.values()) yield* stateOf(held);
  }

  restore(tensor: StateTensor): Promise<void> {
    const held = [...this.held.values()].find(({ parameter }) => partsOf(parameter).includes(tensor.name));
    const values = held?.[tensor.kind];
    if (!held || !values)
      return Promise.reject(new Error(`${tensor.name} (${tensor.kind}) is not trained here`));
    partOf(held.parameter, values, tensor.name).set(tensor.values);
    return Promise.resolve();
  }

  dispose(): void {
    this.held.clear();
    this.scratch.clear();
  }

  private get(name: string): Held {
    const held = this.held.get(name);
    if (!held) throw new Error(`${name} is not a parameter of this encoder`);
    return held;
  }

  private weights(parameters: readonly Parameter[], naming: Naming, averaged: boolean): Tensors {
    const fed = parameters.map(({ name, shape }): [string, TensorValue] => {
      const { weight, average } = this.get(naming(name));
      return [name, { type: 'float32', dims: shape, data: averaged ? (average ?? weight) : weight }];
    });
    return Object.fromEntries(fed);
  }

  /** The first gradient since an update is written where the sum is kept. */
  private destination(output: string, { parameter, gradient, gathered }: Held): TensorValue {
    const data = gathered ? (this.scratch.get(output) ?? new Float32Array(gradient.length)) : gradient;
    if (gathered) this.scratch.set(output, data);
    return { type: 'float32', dims: parameter.shape, data };
  }

  private gather(held: Held, { data }: TensorValue): void {
    if (held.gathered) addInto(held.gradient, data as Float32Array);
    held.gathered = true;
  }

  private move(held: Held, numbers: UpdateNumbers): void {
    const own = this.options.parameter(partsOf(held.parameter)[0]!);
    if (own.rate > 0 && held.gathered)
      moveWeights(held, held.gradient, adamWStep(this.options, own, numbers));
    held.gathered = false;
    const { averageDecay: decay } = this.options;
    if (held.average && decay !== undefined && own.rate > 0)
      moveAverage(held.average, held.weight, averageDecay(decay, numbers.update));
  }
}

function hold(parameter: Parameter, read: ReadWeight, { averageDecay: decay }: OptimiserOptions): Held {
  const length = parameter.shape.reduce((product, size) => product * size, 1);
  const weight = new Float32Array(length);
  for (const name of partsOf(parameter)) partOf(parameter, weight, name).set(read(name));
  const zeros = () => new Float32Array(length);
  return {
    parameter,
    weight,
    mean: zeros(),
    variance: zeros(),
    average: decay === undefined ? undefined : weight.slice(),
    gradient: zeros(),
    gathered: false,
  };
}

/** The piece of a parameter's elements that one published weight is; pieces are equally long. */
function partOf(parameter: Parameter, values: Float32Array, name: string): Float32Array {
  const names = partsOf(parameter);
  const length = values.length / names.length;
  const index = names.indexOf(name);
  return values.subarray(index * length, (index + 1) * length);
}

function* stateOf(held: Held): Iterable<StateTensor> {
  const { parameter } = held;
  const names = partsOf(parameter);
  const shape = [parameter.shape[0]! / names.length, ...parameter.shape.slice(1)];
  for (const name of names) {
    for (const kind of ['weight', 'mean', 'variance', 'average'] satisfies StateKind[]) {
      const values = held[kind];
      if (values) yield { name, kind, shape, values: partOf(parameter, values, name) };
    }
  }
}
