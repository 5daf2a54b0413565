import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { adamWStep } from '../../../src/core/train/engine/parameters/adamW';
import type {
  MoveTask,
  NormTask,
  VectorArithmetic,
  VectorTask,
} from '../../../src/core/train/engine/parameters/vectorTasks';
import { inThisThread } from '../../../src/core/train/engine/parameters/vectorTasks';
import { vectorThreads } from '../../../src/node/training/vectorThreads';

const root = path.join(import.meta.dirname, '..', '..', '..');
const options = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, parameter: () => ({ rate: 1, decay: 0.01 }) };
const step = adamWStep(
  options,
  { rate: 1, decay: 0.01 },
  { update: 3, learningRate: 1e-3, gradientScale: 0.5 },
);
/** Some long enough to be handed over. */
const lengths = [10, 70_000, 300_000, 65_536, 1, 100_001];

function vector(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(seed + i));
}

function moves(): MoveTask[] {
  return lengths.map((length, i) => ({
    ...{ kind: 'move', step, averageDecay: 0.9 },
    ...{ weight: vector(length, i), mean: vector(length, i + 1), gradient: vector(length, i + 2) },
    variance: vector(length, i + 3).map(Math.abs),
    average: i % 2 === 0 ? vector(length, i) : undefined,
  }));
}

function norms(): NormTask[] {
  return lengths.map((length, i) => ({ kind: 'norm', vector: vector(length, i), sum: 0 }));
}

describe('vectors on several threads', () => {
  let folder: string;
  let program: string;
  let arithmetic: VectorArithmetic;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'anamnese-threads-'));
    program = path.join(folder, 'vectorThread.js');
    const source = path.join(root, 'src', 'node', 'training', 'vectorThread.ts');
    await build({ entryPoints: [source], outfile: program, bundle: true, platform: 'node', format: 'cjs' });
    arithmetic = vectorThreads(3, program);
  });

  after(async () => {
    await arithmetic.dispose();
    await rm(folder, { recursive: true });
  });

  const same = async <Task extends VectorTask>(tasks: () => readonly Task[]) => {
    const given = tasks();
    const done = await arithmetic.compute(given);
    assert.deepEqual(done, await inThisThread.compute(tasks()));
    return given;
  };

  it('give the very numbers of one thread, in the order of the tasks, again and again', async () => {
    for (let round = 0; round < 3; round++) {
      await same(moves);
      await same(norms);
    }
  });

  it('change hands without a copy: what was handed over is empty', async () => {
    const given = await same(norms);
    const away = given.filter(({ vector: { length } }) => length === 0).length;
    assert.ok(away >= 2 && away <= 4, `${away} were handed over`);
    assert.equal(given[0]!.vector.length, 10, 'short vectors stay');
  });

  it('say why a thread ended', async () => {
    const broken = { ...moves()[1]!, step: undefined } as unknown as MoveTask;
    const fine = { kind: 'norm', vector: vector(200_000, 1), sum: 0 } as const;
    const threads = vectorThreads(2, program);
    await assert.rejects(threads.compute<VectorTask>([fine, broken]), TypeError);
    await assert.rejects(threads.compute<VectorTask>(norms()), TypeError, 'also whoever asks later');
  });
});
