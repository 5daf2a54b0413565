import { gradients } from '../../../src/core/graph/gradients';
import type { GraphOptions } from '../../../src/core/graph/graphBuilder';
import { GraphBuilder } from '../../../src/core/graph/graphBuilder';
import { toOnnx } from '../../../src/core/graph/onnxBytes';
import type { Dimension, Value } from '../../../src/core/graph/value';
import type { Rng, Session, Tensors, TensorValue } from '../../../src/core/ports';
import { seededRng } from '../../../src/core/random';
import { onnxRuntime } from '../../../src/node/onnxRuntime';

/** Lengths of the named dimensions. */
export const lengths: Readonly<Record<string, number>> = { batch: 2, length: 3, tokens: 6, rows: 4 };

/** A function of the values `wrt`, and perhaps of others that it is not differentiated by. */
export interface GradientCase {
  readonly wrt: Readonly<Record<string, readonly Dimension[]>>;
  /** Elements by index, where they are not to be random numbers. */
  readonly values?: (index: number, random: number) => number;
  readonly given?: Readonly<Record<string, Given>>;
  build(graph: GraphBuilder, values: Readonly<Record<string, Value>>): Value;
}

/** An input that stays as it is. */
export interface Given {
  readonly shape: readonly Dimension[];
  readonly tensor: TensorValue;
}

const runtime = onnxRuntime({ threads: 1 });
/** A power of two, so that x ± h is exact. */
const h = 2 ** -7;

/**
 * The largest error of the graph's gradients of Σ seed · f, against central differences, relative to their largest
 * magnitude; by input.
 */
export async function gradientErrors(
  test: GradientCase,
  options: GraphOptions,
): Promise<Record<string, number>> {
  const rng = seededRng(11);
  const { session, output } = await compile(test, options);
  const seed = randomTensor(output.shape, rng);
  const inputs = Object.entries(test.wrt).map(([name, shape]) => ({
    name,
    tensor: randomTensor(shape, rng, test.values),
  }));
  const given = Object.entries(test.given ?? {}).map(([name, { tensor }]) => [name, tensor] as const);
  const feeds = {
    ...Object.fromEntries(given),
    ...Object.fromEntries(inputs.map(({ name, tensor }) => [name, tensor])),
    seed,
  };
  const analytic = await session.run(feeds);
  const errors: Record<string, number> = {};
  for (const { name, tensor } of inputs) {
    const expected = await differences(session, feeds, tensor.data as Float32Array, seed);
    errors[name] = relativeError(analytic[`gradient:${name}`]!.data as Float32Array, expected);
  }
  await session.dispose();
  return errors;
}

async function compile(
  test: GradientCase,
  options: GraphOptions,
): Promise<{ session: Session; output: Value }> {
  const graph = new GraphBuilder({ ...options, differentiable: true });
  const values: Record<string, Value> = {};
  for (const [name, shape] of Object.entries(test.wrt)) values[name] = graph.input(name, 'float32', shape);
  for (const [name, { shape, tensor }] of Object.entries(test.given ?? {}))
    values[name] = graph.input(name, tensor.type, shape);
  const output = test.build(graph, values);
  const seed = graph.input('seed', 'float32', output.shape);
  const names = Object.keys(test.wrt);
  graph.output('result', output);
  const found = gradients(
    graph,
    [{ output, gradient: seed }],
    names.map((name) => values[name]!),
  );
  names.forEach((name, i) => graph.output(`gradient:${name}`, found[i]!));
  return { session: await runtime.compile(toOnnx(graph), 'cpu'), output };
}

/** Σ seed · (f(x + h) - f(x - h)) / 2h for every element of x, which is moved in place. */
async function differences(
  session: Session,
  feeds: Tensors,
  x: Float32Array,
  seed: TensorValue,
): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const at = x[i]!;
    x[i] = at + h;
    const above = weighted(await session.run(feeds, { result: null }), seed);
    x[i] = at - h;
    const below = weighted(await session.run(feeds, { result: null }), seed);
    x[i] = at;
    found.push((above - below) / (2 * h));
  }
  return found;
}

function weighted({ result }: Tensors, seed: TensorValue): number {
  return (result!.data as Float32Array).reduce((sum, value, i) => sum + value * Number(seed.data[i]), 0);
}

export function randomTensor(
  shape: readonly Dimension[],
  rng: Rng,
  value: (index: number, random: number) => number = (_, random) => random,
): TensorValue {
  const dims = shape.map((length) => (typeof length === 'string' ? lengths[length]! : length));
  const size = dims.reduce((product, length) => product * length, 1);
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: size }, (_, i) => value(i, 3 * rng() - 1.5)),
  };
}

function relativeError(actual: Float32Array, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity;
  const magnitude = Math.max(1e-6, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / magnitude;
}
