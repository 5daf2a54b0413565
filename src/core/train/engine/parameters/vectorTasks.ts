import type { AdamWStep, Moments } from './adamW';
import { moveAverage, moveWeights, squaredNorm } from './adamW';

/** Σ x² of a vector, which is `sum` when the task is done. */
export interface NormTask {
  readonly kind: 'norm';
  readonly vector: Float32Array;
  readonly sum: number;
}

/** What an update does to one tensor, in place. */
export interface MoveTask extends Moments {
  readonly kind: 'move';
  readonly gradient: Float32Array;
  readonly step: AdamWStep;
  /** A moving average of the weights and its decay. */
  readonly average: Float32Array | undefined;
  readonly averageDecay: number;
}

export type VectorTask = NormTask | MoveTask;

/**
 * Computes with whole vectors, each alone in its buffer. They may change hands meanwhile: what was given is used no more,
 * and what comes back, in the same order, takes its place. The numbers do not depend on how many threads there are.
 */
export interface VectorArithmetic {
  compute<Task extends VectorTask>(tasks: readonly Task[]): Promise<readonly Task[]>;
  dispose(): Promise<void>;
}

/** In the thread that asks. */
export const inThisThread: VectorArithmetic = {
  compute: (tasks) => Promise.resolve(tasks.map(carryOut)),
  dispose: () => Promise.resolve(),
};

export function carryOut<Task extends VectorTask>(task: Task): Task {
  if (task.kind === 'norm') return { ...task, sum: squaredNorm(task.vector) };
  moveWeights(task, task.gradient, task.step);
  if (task.average) moveAverage(task.average, task.weight, task.averageDecay);
  return task;
}

/** What changes hands with tasks. */
export function buffersOf(tasks: readonly VectorTask[]): ArrayBuffer[] {
  return tasks.flatMap(vectorsOf).map(({ buffer }) => buffer as ArrayBuffer);
}

function vectorsOf(task: VectorTask): Float32Array[] {
  if (task.kind === 'norm') return [task.vector];
  const { weight, mean, variance, gradient, average } = task;
  return [weight, mean, variance, gradient, ...(average ? [average] : [])];
}

/** Shorter vectors are computed in the time that it takes to hand them over. */
const LONG = 2 ** 16;

/**
 * Tasks dealt out to threads as evenly as their lengths allow, by their indices. The first share is that of the thread
 * that asks, which keeps all short vectors.
 */
export function dealOut(tasks: readonly VectorTask[], threads: number): number[][] {
  const lengths = tasks.map((task) => vectorsOf(task)[0]!.length);
  const shares = Array.from({ length: threads }, () => ({ indices: [] as number[], sum: 0 }));
  const byLength = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]!);
  const short = byLength.filter((index) => lengths[index]! < LONG);
  const give = (share: (typeof shares)[number], index: number) => {
    share.indices.push(index);
    share.sum += lengths[index]!;
  };
  for (const index of short) give(shares[0]!, index);
  for (const index of byLength.slice(0, byLength.length - short.length))
    give(
      shares.reduce((least, share) => (share.sum < least.sum ? share : least)),
      index,
    );
  return shares.map(({ indices }) => indices);
}
