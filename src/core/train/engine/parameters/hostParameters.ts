import type { OptimiserOptions, StateTensor } from '../../engine';
import type { Feeds, Fetches, Tensors, TensorValue } from '../../../ports';
import { io } from '../../graphs/trainingGraph';
import type { Parameter } from '../../graphs/trainableParameters';
import { elementsOf } from '../../graphs/trainableParameters';
import type { ReadWeight } from './pieces';
import { pieceOf, readParameter, stateKinds } from './pieces';
import { adamWStep, learns, averageDecay } from './adamW';
import type { CompiledGraph, Naming, ParameterStore, UpdateNumbers } from './parameterStore';
import { VectorMemory } from './vectorMemory';

/** One parameter with everything that learning needs of it. */
interface Held {
  readonly parameter: Parameter;
  /** Where all its vectors are. */
  readonly memory: VectorMemory;
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
  /** Gradients on their way to the sum, by the parameter as the graph names it: layers that share a graph share them. */
  private readonly scratch = new Map<VectorMemory, Map<string, Float32Array>>();

  constructor(
    parameters: readonly Parameter[],
    read: ReadWeight,
    private readonly options: OptimiserOptions,
    memoryBytes: number = VectorMemory.most,
  ) {
    for (const group of groups(parameters, options, memoryBytes)) {
      const memory = new VectorMemory(group.flatMap((parameter) => vectorLengths(parameter, options)));
      this.scratch.set(memory, new Map());
      for (const parameter of group) this.held.set(parameter.name, hold(parameter, memory, read, options));
    }
  }

  async forward(
    { session, graph }: CompiledGraph,
    feeds: Feeds,
    naming: Naming,
    averaged: boolean,
  ): Promise<Feeds> {
    return session.run({ ...feeds, ...this.weights(graph.parameters, naming, averaged) });
  }

  async backward(
    { session, graph }: CompiledGraph,
    feeds: Feeds,
    naming: Naming,
    destinations: Fetches = {},
  ): Promise<Feeds> {
    const targets = new Map(graph.parameters.map(({ name }) => [io.gradient(name), this.get(naming(name))]));
    const fetches = Object.fromEntries(
      graph.outputs.map((name): [string, TensorValue | null] => {
        const target = targets.get(name);
        return [name, target ? this.destination(name, target) : (destinations[name] ?? null)];
      }),
    );
    const results = await session.run(
      { ...feeds, ...this.weights(graph.parameters, naming, false) },
      fetches,
    );
    for (const [name, target] of targets) this.gather(target, fetches[name]!);
    const others = Object.entries(results).filter(([name]) => !targets.has(name));
    return Object.fromEntries(others.map(([name, result]) => [name, fetches[name] ?? result]));
  }

  squaredGradient(): Promise<number> {
    let sum = 0;
    for (const { parameter, memory, gradient, gathered } of this.held.values())
      if (gathered && learns(this.options, parameter.pieces[0]!.name)) sum += memory.squaredNorm(gradient);
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
    const holds = ({ parameter }: Held) => parameter.pieces.some(({ name }) => name === tensor.name);
    const held = [...this.held.values()].find(holds);
    const values = held?.[tensor.kind];
    if (!held || !values)
      return Promise.reject(new Error(`${tensor.name} (${tensor.kind}) is not trained here`));
    pieceOf(held.parameter, values, tensor.name).set(tensor.values);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.held.clear();
    this.scratch.clear();
    return Promise.resolve();
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
  private destination(output: string, held: Held): TensorValue {
    const data = held.gathered ? this.scratchFor(output, held) : held.gradient;
    return { type: 'float32', dims: held.parameter.shape, data };
  }

  private scratchFor(output: string, { memory, gradient }: Held): Float32Array {
    const known = this.scratch.get(memory)!;
    const data = known.get(output) ?? memory.zeros(gradient.length);
    known.set(output, data);
    return data;
  }

  private gather(held: Held, { data }: TensorValue): void {
    if (held.gathered) held.memory.addInto(held.gradient, data as Float32Array);
    held.gathered = true;
  }

  private move(held: Held, numbers: UpdateNumbers): void {
    const own = this.options.parameter(held.parameter.pieces[0]!.name);
    const { memory } = held;
    if (own.rate > 0 && held.gathered)
      memory.moveWeights(held, held.gradient, adamWStep(this.options, own, numbers));
    held.gathered = false;
    const { averageDecay: decay } = this.options;
    if (held.average && decay !== undefined && own.rate > 0)
      memory.moveAverage(held.average, held.weight, averageDecay(decay, numbers.update));
  }
}

/** Consecutive parameters that share a memory of so many bytes at most. */
function groups(parameters: readonly Parameter[], options: OptimiserOptions, most: number): Parameter[][] {
  const found: Parameter[][] = [];
  let left = 0;
  for (const parameter of parameters) {
    const own = vectorLengths(parameter, options).reduce((sum, n) => sum + VectorMemory.bytesFor(n), 0);
    const group = own <= left ? found.at(-1) : undefined;
    if (group) group.push(parameter);
    else found.push([parameter]);
    left = (group ? left : most) - own;
  }
  return found;
}

/** Of all vectors that a parameter may need: weight, gradient, two moments, perhaps an average, and scratch. */
function vectorLengths(parameter: Parameter, { averageDecay: decay }: OptimiserOptions): number[] {
  return new Array<number>(decay === undefined ? 5 : 6).fill(elementsOf(parameter));
}

function hold(
  parameter: Parameter,
  memory: VectorMemory,
  read: ReadWeight,
  { averageDecay: decay }: OptimiserOptions,
): Held {
  const zeros = () => memory.zeros(elementsOf(parameter));
  const weight = readParameter(parameter, read, zeros());
  const average = decay === undefined ? undefined : zeros();
  average?.set(weight);
  return {
    parameter,
    memory,
    weight,
    average,
    mean: zeros(),
    variance: zeros(),
    gradient: zeros(),
    gathered: false,
  };
}

function* stateOf(held: Held): Iterable<StateTensor> {
  for (const { name, shape } of held.parameter.pieces) {
    for (const kind of stateKinds) {
      const values = held[kind];
      if (values) yield { name, kind, shape, values: pieceOf(held.parameter, values, name) };
    }
  }
}
