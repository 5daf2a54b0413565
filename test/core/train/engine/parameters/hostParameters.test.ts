import assert from 'node:assert/strict';
import type { Fetches, TensorValue } from '../../../../../src/core/ports';
import { HostParameters } from '../../../../../src/core/train/engine/parameters/hostParameters';
import { io } from '../../../../../src/core/train/graphs/trainingGraph';

const parameters = [5, 8, 3, 6].map((length, i) => ({
  name: `layers.${i}.w`,
  shape: [length],
  pieces: [{ name: `layers.${i}.w`, shape: [length] }],
}));
const read = (name: string): Float32Array => {
  const { shape } = parameters.find((parameter) => parameter.name === name)!;
  return Float32Array.from({ length: shape[0]! }, (_, i) => Math.sin(i + shape[0]!));
};
const options = {
  ...{ beta1: 0.9, beta2: 0.98, epsilon: 1e-8, averageDecay: 0.9 },
  parameter: () => ({ rate: 1, decay: 0.01 }),
};

/** A session that writes gradients where it is told to: the n-th run of a parameter gives multiples of n. */
function graphOf(name: string) {
  let runs = 0;
  const run = (_: unknown, fetches: Fetches = {}) => {
    const target = fetches[io.gradient(name)] as TensorValue;
    runs++;
    (target.data as Float32Array).forEach((_, i, data) => (data[i] = runs * Math.cos(i)));
    return Promise.resolve({ [io.gradient(name)]: target });
  };
  const parameter = parameters.find((one) => one.name === name)!;
  const graph = {
    model: new Uint8Array(),
    inputs: [],
    outputs: [io.gradient(name)],
    parameters: [parameter],
  };
  const session = { device: 'cpu' as const, run, runResident: run, dispose: () => Promise.resolve() };
  return { session, graph };
}

/** The state after two updates, of two batches each, through one graph for all layers of a length. */
async function learn(memoryBytes?: number) {
  const store = new HostParameters(parameters, read, options, memoryBytes);
  const graphs = parameters.map(({ name }) => graphOf(name));
  const norms: number[] = [];
  for (let update = 1; update <= 2; update++) {
    for (let batch = 0; batch < 2; batch++)
      for (const graph of graphs) await store.backward(graph, {}, (name) => name);
    norms.push(await store.squaredGradient());
    await store.update({ update, learningRate: 0.1, gradientScale: 0.5 });
  }
  const state = [];
  for await (const { name, kind, values } of store.state()) state.push([name, kind, [...values]]);
  return { norms, state };
}

describe('parameters in this process', () => {
  it('learn the same in one memory and in several', async () => {
    const whole = await learn();
    // A parameter takes six vectors: of 32, 32, 16 and 32 bytes each.
    for (const bytes of [1, 300, 400]) assert.deepEqual(await learn(bytes), whole, `${bytes}`);
    assert.ok(whole.norms.every((norm) => norm > 0));
  });

  it('add up the gradients of the batches of an update, and forget them after it', async () => {
    const { norms } = await learn();
    const squares = parameters.reduce(
      (sum, { shape }) =>
        sum + Array.from({ length: shape[0]! }, (_, i) => Math.cos(i) ** 2).reduce((a, b) => a + b),
      0,
    );
    // Multiples 1 + 2 in the first update, 3 + 4 in the second.
    [9, 49].forEach((factor, i) => assert.ok(Math.abs(norms[i]! / (factor * squares) - 1) < 1e-6));
  });
});
