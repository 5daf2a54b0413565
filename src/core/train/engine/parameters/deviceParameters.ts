import type { Device, Feeds, ResidentTensor, Runtime, Session, TensorValue } from '../../../ports';
import { isResident } from '../../../ports';
import type { OptimiserOptions, StateTensor } from '../../engine';
import {
  adamWGraph,
  averageGraph,
  copyGraph,
  squaredNormGraph,
  stepVector,
  sumGraph,
  updated,
  vectors,
} from '../../graphs/optimiserGraphs';
import type { Parameter } from '../../graphs/trainableParameters';
import { elementsOf } from '../../graphs/trainableParameters';
import { io } from '../../graphs/trainingGraph';
import { ArrivingParameters } from './arrivingParameters';
import { adamWStep, learns, averageDecay } from './adamW';
import type { CompiledGraph, Naming, ParameterStore, UpdateNumbers } from './parameterStore';
import type { ReadWeight } from './pieces';
import { pieceOf, readParameter, stateKinds } from './pieces';
import { floatsOf } from '../plans/executionPlan';
import { Uploads } from './uploads';

interface Held {
  readonly parameter: Parameter;
  weight: ResidentTensor;
  mean: ResidentTensor;
  variance: ResidentTensor;
  average: ResidentTensor | undefined;
  gradient: ResidentTensor | undefined;
}

/** The graphs that work on vectors, whatever their length. */
interface Arithmetic {
  readonly upload: Session;
  readonly download: Session;
  readonly sum: Session;
  readonly squaredNorm: Session;
  readonly adamW: Session;
  readonly average: Session;
}

/** Parameters in a device's memory, where AdamW runs too; only norms, and states that are asked for, come back. */
export class DeviceParameters implements ParameterStore {
  private readonly held = new Map<string, Held>();
  private readonly arriving = new ArrivingParameters();

  private constructor(
    private readonly arithmetic: Arithmetic,
    private readonly options: OptimiserOptions,
  ) {}

  static async create(
    parameters: readonly Parameter[],
    read: ReadWeight,
    options: OptimiserOptions,
    { runtime, device }: { readonly runtime: Runtime; readonly device: Device },
  ): Promise<DeviceParameters> {
    const store = new DeviceParameters(await compileArithmetic(runtime, device, options), options);
    for (const parameter of parameters)
      store.held.set(parameter.name, await store.hold(parameter, readParameter(parameter, read)));
    return store;
  }

  async forward(
    { session, graph }: CompiledGraph,
    feeds: Feeds,
    naming: Naming,
    averaged: boolean,
  ): Promise<Feeds> {
    return session.runResident({ ...feeds, ...this.weights(graph.parameters, naming, averaged) });
  }

  async backward({ session, graph }: CompiledGraph, feeds: Feeds, naming: Naming): Promise<Feeds> {
    const results = await session.runResident({ ...feeds, ...this.weights(graph.parameters, naming, false) });
    const gradients = new Map(graph.parameters.map(({ name }) => [io.gradient(name), naming(name)]));
    for (const [output, name] of gradients) await this.gather(this.get(name), resident(results[output]));
    return Object.fromEntries(Object.entries(results).filter(([name]) => !gradients.has(name)));
  }

  /** One number comes back, after the device has gone through all gradients. */
  async squaredGradient(): Promise<number> {
    let sum = await this.upload(Float32Array.of(0));
    for (const { parameter, gradient } of this.held.values()) {
      if (!gradient || !learns(this.options, parameter.pieces[0]!.name)) continue;
      const feeds = { [vectors.x]: gradient, [vectors.rows]: rowsOf(gradient), [vectors.sum]: sum };
      const result = await this.arithmetic.squaredNorm.runResident(feeds);
      sum.dispose();
      sum = resident(result[vectors.y]);
    }
    const [total] = await this.download(sum);
    sum.dispose();
    return total!;
  }

  async update(numbers: UpdateNumbers): Promise<void> {
    const uploads = new Uploads((values) => this.upload(values));
    try {
      for (const held of this.held.values()) {
        const own = this.options.parameter(held.parameter.pieces[0]!.name);
        if (held.gradient && own.rate > 0) {
          await this.move(held, await uploads.of(stepVector(adamWStep(this.options, own, numbers))));
          await this.moveAverage(held, uploads, numbers.update);
        }
        held.gradient?.dispose();
        held.gradient = undefined;
      }
    } finally {
      uploads.dispose();
    }
  }

  async *state(): AsyncIterable<StateTensor> {
    for (const held of this.held.values()) {
      for (const kind of stateKinds) {
        const tensor = held[kind];
        if (!tensor) continue;
        const values = await this.download(tensor);
        for (const { name, shape } of held.parameter.pieces)
          yield { name, kind, shape, values: pieceOf(held.parameter, values, name) };
      }
    }
  }

  /** A pack goes to the device once, when the last of its pieces has come. */
  async restore(state: StateTensor): Promise<void> {
    const { name, kind } = state;
    const holds = ({ parameter }: Held) => parameter.pieces.some((piece) => piece.name === name);
    const held = [...this.held.values()].find(holds);
    const tensor = held?.[kind];
    if (!held || !tensor) throw new Error(`${name} (${kind}) is not trained here`);
    const values = this.arriving.add(held.parameter, state);
    if (!values) return;
    held[kind] = await this.upload(values);
    tensor.dispose();
  }

  async dispose(): Promise<void> {
    for (const { weight, mean, variance, average, gradient } of this.held.values())
      for (const tensor of [weight, mean, variance, average, gradient]) tensor?.dispose();
    this.held.clear();
    for (const session of Object.values(this.arithmetic) as Session[]) await session.dispose();
  }

  private get(name: string): Held {
    const held = this.held.get(name);
    if (!held) throw new Error(`${name} is not a parameter of this encoder`);
    return held;
  }

  private weights(parameters: readonly Parameter[], naming: Naming, averaged: boolean): Feeds {
    const fed = parameters.map(({ name }): [string, ResidentTensor] => {
      const { weight, average } = this.get(naming(name));
      return [name, averaged ? (average ?? weight) : weight];
    });
    return Object.fromEntries(fed);
  }

  private async hold(parameter: Parameter, values: Float32Array): Promise<Held> {
    const zeros = () => this.upload(new Float32Array(elementsOf(parameter)));
    return {
      parameter,
      weight: await this.upload(values),
      mean: await zeros(),
      variance: await zeros(),
      average: this.options.averageDecay === undefined ? undefined : await this.upload(values),
      gradient: undefined,
    };
  }

  private async gather(held: Held, gradient: ResidentTensor): Promise<void> {
    const before = held.gradient;
    if (!before) {
      held.gradient = gradient;
      return;
    }
    const feeds = { [vectors.x]: before, [vectors.gradient]: gradient };
    held.gradient = resident((await this.arithmetic.sum.runResident(feeds))[vectors.y]);
    before.dispose();
    gradient.dispose();
  }

  private async move(held: Held, step: ResidentTensor): Promise<void> {
    const moved = await this.arithmetic.adamW.runResident({
      [vectors.weight]: held.weight,
      [vectors.mean]: held.mean,
      [vectors.variance]: held.variance,
      [vectors.gradient]: held.gradient!,
      [vectors.step]: step,
    });
    for (const kind of ['weight', 'mean', 'variance'] as const) {
      held[kind].dispose();
      held[kind] = resident(moved[updated(kind)]);
    }
  }

  private async moveAverage(held: Held, uploads: Uploads, update: number): Promise<void> {
    const { averageDecay: decay } = this.options;
    if (!held.average || decay === undefined) return;
    const moved = await this.arithmetic.average.runResident({
      [vectors.average]: held.average,
      [vectors.weight]: held.weight,
      [vectors.averageDecay]: await uploads.of(Float32Array.of(averageDecay(decay, update))),
    });
    held.average.dispose();
    held.average = resident(moved[updated(vectors.average)]);
  }

  private async upload(data: Float32Array): Promise<ResidentTensor> {
    const x: TensorValue = { type: 'float32', dims: [data.length], data };
    return resident((await this.arithmetic.upload.runResident({ [vectors.x]: x }))[vectors.y]);
  }

  private async download(tensor: ResidentTensor): Promise<Float32Array> {
    return floatsOf((await this.arithmetic.download.run({ [vectors.x]: tensor }))[vectors.y]);
  }
}

async function compileArithmetic(
  runtime: Runtime,
  device: Device,
  options: OptimiserOptions,
): Promise<Arithmetic> {
  const staying = ['weight', 'mean', 'variance'].map(updated);
  return {
    upload: await runtime.compile(copyGraph(), device, { resident: [vectors.y] }),
    download: await runtime.compile(copyGraph(), device),
    sum: await runtime.compile(sumGraph(), device, { resident: [vectors.y] }),
    squaredNorm: await runtime.compile(squaredNormGraph(), device, { resident: [vectors.y] }),
    adamW: await runtime.compile(adamWGraph(options), device, { resident: staying }),
    average: await runtime.compile(averageGraph(), device, { resident: [updated(vectors.average)] }),
  };
}

const longestRow = 1024;

/** The shape in which a vector's squares are added up: rows of the greatest length that divides it, up to a limit. */
function rowsOf({ dims }: ResidentTensor): TensorValue {
  const length = dims[0]!;
  let row = Math.min(longestRow, length);
  while (length % row !== 0) row--;
  return { type: 'int64', dims: [2], data: BigInt64Array.of(BigInt(length / row), BigInt(row)) };
}

function resident(tensor: Feeds[string] | undefined): ResidentTensor {
  if (!tensor || !isResident(tensor)) throw new Error('the device did not keep an output that it should');
  return tensor;
}
