import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assembled } from '../../../../../scripts/vectorLoops.mjs';
import {
  adamWStep,
  addInto,
  moveAverage,
  moveWeights,
  squaredNorm,
} from '../../../../../src/core/train/engine/parameters/adamW';
import { vectorLoops } from '../../../../../src/core/train/engine/parameters/vectorLoops';
import { VectorMemory } from '../../../../../src/core/train/engine/parameters/vectorMemory';

/** Five numbers a weight: the weight, its moments, its gradient and its average. */
const rows = fc.array(
  fc.tuple(...Array.from({ length: 5 }, () => fc.float({ min: -100, max: 100, noNaN: true }))),
  { maxLength: 40 },
);
const options = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, parameter: () => ({ rate: 1, decay: 0.01 }) };

/** Vectors of ordinary memory, and the same of WebAssembly's, between two that are not to change. */
function both(columns: readonly Float32Array[]) {
  const lengths = [4, ...columns.map(({ length }) => length), 4];
  const memory = new VectorMemory(lengths);
  const [before, ...others] = lengths.map((length) => memory.zeros(length));
  const after = others.pop()!;
  columns.forEach((column, i) => others[i]!.set(column));
  before!.fill(7);
  after.fill(7);
  const untouched = () => [...before!, ...after].every((value) => value === 7);
  return { memory, vectors: others, untouched };
}

function columnsOf(drawn: readonly (readonly number[])[]): Float32Array[] {
  return Array.from({ length: 5 }, (_, i) =>
    Float32Array.from(drawn, (row) => (i === 2 ? Math.abs(row[i]!) : row[i]!)),
  );
}

/** Within a few roundings of the largest of the numbers that each comes of; the smallest have fewer digits. */
function assertClose(found: Float32Array, expected: Float32Array, ...sources: readonly Float32Array[]): void {
  expected.forEach((value, i) => {
    const scale = Math.max(Math.abs(value), ...sources.map((source) => Math.abs(source[i]!)));
    assert.ok(Math.abs(found[i]! - value) <= 5e-7 * scale + 1e-30, `${found[i]}, not ${value}`);
  });
}

describe('loops of WebAssembly', () => {
  it('are those of the source', async () => {
    assert.deepEqual(await assembled(), vectorLoops, 'run node scripts/vectorLoops.mjs');
  });

  it('move weights as the loop of JavaScript does, and nothing else', () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (drawn, update, scale) => {
          const step = adamWStep(options, options.parameter(), {
            update,
            learningRate: 1e-3,
            gradientScale: scale,
          });
          const [weight, mean, variance, gradient] = columnsOf(drawn) as [
            Float32Array,
            Float32Array,
            Float32Array,
            Float32Array,
          ];
          const before = [weight, mean, gradient].map((vector) => vector.slice());
          const { memory, vectors, untouched } = both([weight, mean, variance, gradient]);
          const [w, m, v, g] = vectors as [Float32Array, Float32Array, Float32Array, Float32Array];
          memory.moveWeights({ weight: w, mean: m, variance: v }, g, step);
          moveWeights({ weight, mean, variance }, gradient, step);
          assertClose(m, mean, ...before.slice(1));
          assertClose(v, variance);
          assertClose(w, weight, ...before);
          assert.deepEqual(g, gradient);
          assert.ok(untouched());
        },
      ),
    );
  });

  it('move averages, add and measure as those of JavaScript do', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, decay) => {
        const [weight, sum, , values, average] = columnsOf(drawn) as [
          Float32Array,
          Float32Array,
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const { memory, vectors, untouched } = both([weight, sum, values, average]);
        const [w, s, x, a] = vectors as [Float32Array, Float32Array, Float32Array, Float32Array];
        const norm = squaredNorm(values);
        assert.ok(Math.abs(memory.squaredNorm(x) - norm) <= 1e-12 * norm);
        memory.moveAverage(a, w, decay);
        memory.addInto(s, x);
        moveAverage(average, weight, decay);
        addInto(sum, values);
        assertClose(a, average, weight);
        assert.deepEqual(s, sum);
        assert.ok(untouched());
      }),
    );
  });

  it('are those of JavaScript where WebAssembly may not have its addresses', () => {
    const memory = new VectorMemory([4, 4], false);
    const [sum, values] = [memory.zeros(4), memory.zeros(4)];
    values.set([1, 2, 3, 4]);
    memory.addInto(sum, values);
    memory.moveAverage(values, sum, 0.5);
    assert.deepEqual([...values, memory.squaredNorm(sum)], [1, 2, 3, 4, 30]);
  });

  it('refuse vectors of another memory, and more of them than there is room for', () => {
    const memory = new VectorMemory([4]);
    assert.throws(() => memory.squaredNorm(new Float32Array(4)), /of another memory/);
    memory.zeros(4);
    assert.throws(() => memory.zeros(2 ** 16), /more vectors are asked for than were announced/);
  });
});
