import type { GraphOptions } from '../../graph/graphBuilder';
import { GraphBuilder } from '../../graph/graphBuilder';
import { toOnnx } from '../../graph/onnxBytes';
import { add, map, multiply, subtract } from '../../graph/operators/elementwise';
import { sum } from '../../graph/operators/reduce';
import { split } from '../../graph/operators/shape';
import type { Value } from '../../graph/value';
import type { OptimiserOptions } from '../engine';
import type { AdamWStep } from '../engine/parameters/adamW';

/** Names in the graphs of vectors [n]. */
export const vectors = {
  x: 'x',
  y: 'y',
  weight: 'weight',
  mean: 'mean',
  variance: 'variance',
  average: 'average',
  gradient: 'gradient',
  rows: 'rows',
  sum: 'sum',
  step: 'step',
  averageDecay: 'average_decay',
} as const;

const plain: GraphOptions = { fused: false };

type Four = [Value, Value, Value, Value];

/** y = x: how a vector comes onto a device, and from it. */
export function copyGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(plain);
  graph.output(vectors.y, vector(graph, vectors.x));
  return toOnnx(graph);
}

/** y = x + gradient. */
export function sumGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(plain);
  graph.output(vectors.y, add(graph, vector(graph, vectors.x), vector(graph, vectors.gradient)));
  return toOnnx(graph);
}

/**
 * y = sum + Σ x², [1]. `rows` is the shape, int64 [2], in which x is added up: along its rows, then what these give; a
 * device adds many short rows at once, but one long row slowly.
 */
export function squaredNormGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(plain);
  const x = vector(graph, vectors.x);
  const shape = graph.input(vectors.rows, 'int64', [2]);
  const before = graph.input(vectors.sum, 'float32', [1]);
  const square = multiply(graph, x, x);
  const rows = graph.node('Reshape', [square, shape], { type: 'float32', shape: ['rows', 'columns'] });
  const sums = sum(graph, rows, [1], false);
  graph.output(vectors.y, add(graph, before, sum(graph, sums, [0])));
  return toOnnx(graph);
}

/** What changes from one update to the next, in the order in which `step` has it. */
export type StepNumbers = Pick<AdamWStep, 'gradientScale' | 'stepSize' | 'epsilon' | 'keep'>;

/** The input `step` of `adamWGraph`, [4]. */
export function stepVector({ gradientScale, stepSize, epsilon, keep }: StepNumbers): Float32Array {
  return Float32Array.of(gradientScale, stepSize, epsilon, keep);
}

/** `moveWeights` of engine/parameters/adamW.ts as a graph: its inputs are replaced by outputs of the names with a `'`. */
export function adamWGraph({ beta1, beta2 }: OptimiserOptions): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(plain);
  const step = graph.input(vectors.step, 'float32', [4]);
  const [gradientScale, stepSize, epsilon, keep] = split(graph, step, [1, 1, 1, 1]) as Four;
  const mix = (old: Value, fresh: Value, keep: number) =>
    add(graph, multiply(graph, old, graph.scalar(keep)), multiply(graph, fresh, graph.scalar(1 - keep)));
  const weight = vector(graph, vectors.weight);
  const g = multiply(graph, vector(graph, vectors.gradient), gradientScale);
  const mean = mix(vector(graph, vectors.mean), g, beta1);
  const variance = mix(vector(graph, vectors.variance), multiply(graph, g, g), beta2);
  const root = add(graph, map(graph, 'Sqrt', variance), epsilon);
  const move = graph.node('Div', [multiply(graph, mean, stepSize), root], mean);
  const moved = subtract(graph, multiply(graph, weight, keep), move);
  graph.output(updated(vectors.weight), moved);
  graph.output(updated(vectors.mean), mean);
  graph.output(updated(vectors.variance), variance);
  return toOnnx(graph);
}

/** average' = weight + decay · (average - weight). */
export function averageGraph(): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(plain);
  const weight = vector(graph, vectors.weight);
  const decay = graph.input(vectors.averageDecay, 'float32', [1]);
  const apart = subtract(graph, vector(graph, vectors.average), weight);
  graph.output(updated(vectors.average), add(graph, weight, multiply(graph, apart, decay)));
  return toOnnx(graph);
}

/** The output that replaces an input. */
export function updated(name: string): string {
  return `${name}'`;
}

function vector(graph: GraphBuilder, name: string): Value {
  return graph.input(name, 'float32', ['n']);
}
