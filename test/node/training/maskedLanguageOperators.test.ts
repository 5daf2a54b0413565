import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/graph/gradients';
import { GraphBuilder } from '../../../src/core/graph/graphBuilder';
import { toOnnx } from '../../../src/core/graph/onnxBytes';
import { multiply } from '../../../src/core/graph/operators/elementwise';
import { gatherRows } from '../../../src/core/graph/operators/gatherRows';
import { sum } from '../../../src/core/graph/operators/reduce';
import { vocabularyCrossEntropy } from '../../../src/core/graph/operators/vocabularyCrossEntropy';
import type { Value } from '../../../src/core/graph/value';
import type { Session, Tensors, TensorValue } from '../../../src/core/ports';
import { seededRng } from '../../../src/core/random';
import { onnxRuntime } from '../../../src/node/onnxRuntime';

const rng = seededRng(3);
const floats = (dims: readonly number[], scale = 1): TensorValue => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => scale * (2 * rng() - 1)),
});

interface Made {
  readonly loss: Value;
  readonly wrt: readonly Value[];
}

/** A graph with the outputs `loss` and the gradients by some inputs. */
async function compile(fused: boolean, build: (graph: GraphBuilder) => Made): Promise<Session> {
  const graph = new GraphBuilder({ fused, differentiable: true });
  const { loss, wrt } = build(graph);
  graph.output('loss', loss);
  const found = gradients(graph, [{ output: loss, gradient: graph.scalar(1) }], wrt);
  wrt.forEach(({ name }, i) => graph.output(`gradient:${name}`, found[i]!));
  return onnxRuntime({ threads: 1 }).compile(toOnnx(graph), 'cpu');
}

const lossAt = async (session: Session, feeds: Tensors) =>
  (await session.run(feeds))['loss']!.data[0] as number;

/** Moves each element a little to either side and compares the slope with the gradient. */
async function checkSlopes(session: Session, feeds: Tensors, inputs: readonly string[]): Promise<void> {
  const results = await session.run(feeds);
  for (const name of inputs) {
    const { dims, data } = feeds[name]!;
    const gradient = results[`gradient:${name}`]!;
    assert.deepEqual(gradient.dims, dims, name);
    const largest = Math.max(...(gradient.data as Float32Array).map(Math.abs));
    for (let i = 0; i < data.length; i++) {
      const moved = (by: number) => {
        const copy = (data as Float32Array).slice();
        copy[i] = copy[i]! + by;
        return lossAt(session, { ...feeds, [name]: { type: 'float32', dims, data: copy } });
      };
      const slope = ((await moved(0.03)) - (await moved(-0.03))) / 0.06;
      const error = Math.abs(slope - Number(gradient.data[i])) / largest;
      assert.ok(error < 3e-3, `${name}[${i}]: slope ${slope}, gradient ${gradient.data[i]}`);
    }
  }
}

const size = (graph: GraphBuilder, x: Value) =>
  graph.node('Shape', [x], { type: 'int64', shape: [x.shape.length] });

const [rows, width, blockSizes] = [4, 5, [3, 6, 1]] as const;

function crossEntropy(withBiases: boolean) {
  return (graph: GraphBuilder): Made => {
    const x = graph.input('x', 'float32', ['rows', width]);
    const biases = (name: string, shape: (string | number)[]) =>
      withBiases ? graph.input(name, 'float32', shape) : undefined;
    const blocks = blockSizes.map((words, i) => ({
      vectors: graph.input(`vectors.${i}`, 'float32', [words, width]),
      biases: biases(`biases.${i}`, [words]),
    }));
    const right = {
      vectors: graph.input('right', 'float32', ['rows', width]),
      biases: biases('own', ['rows', 1]),
    };
    const weights = graph.input('weights', 'float32', ['rows', 1]);
    const loss = vocabularyCrossEntropy(graph, x, blocks, right, weights);
    const wrt = [x, right, ...blocks].flatMap((value) =>
      'name' in value ? [value] : [value.vectors, value.biases],
    );
    return { loss, wrt: wrt.filter((value) => value !== undefined) };
  };
}

function crossEntropyFeeds(withBiases: boolean, scale = 1): Tensors {
  const blocks = blockSizes.flatMap((words, i): [string, TensorValue][] => [
    [`vectors.${i}`, floats([words, width], scale)],
    ...(withBiases ? [[`biases.${i}`, floats([words])] as [string, TensorValue]] : []),
  ]);
  return {
    ...Object.fromEntries(blocks),
    x: floats([rows, width], scale),
    right: floats([rows, width], scale),
    ...(withBiases ? { own: floats([rows, 1]) } : {}),
    weights: floats([rows, 1]),
  };
}

/** The same in double precision, for all blocks at once. */
function expectedLoss(feeds: Tensors): number {
  const at = (name: string, i: number) => Number(feeds[name]?.data[i] ?? 0);
  const product = (row: number, name: string, word: number) => {
    let result = 0;
    for (let k = 0; k < width; k++) result += at('x', row * width + k) * at(name, word * width + k);
    return result;
  };
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const logits = blockSizes.flatMap((words, block) =>
      Array.from(
        { length: words },
        (_, word) => product(row, `vectors.${block}`, word) + at(`biases.${block}`, word),
      ),
    );
    const top = Math.max(...logits);
    const logSum = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
    loss += at('weights', row) * (logSum - product(row, 'right', row) - at('own', row));
  }
  return loss;
}

describe('operators of the masked language head', () => {
  for (const fused of [false, true]) {
    for (const withBiases of [false, true]) {
      it(`vocabularyCrossEntropy, ${fused ? 'fused' : 'plain'}, biases: ${withBiases}`, async () => {
        const session = await compile(fused, crossEntropy(withBiases));
        const feeds = crossEntropyFeeds(withBiases);
        assert.ok(Math.abs((await lossAt(session, feeds)) - expectedLoss(feeds)) < 1e-5);
        await checkSlopes(
          session,
          feeds,
          Object.keys(feeds).filter((name) => name !== 'weights'),
        );
        await session.dispose();
      });
    }
  }

  it('vocabularyCrossEntropy does not overflow', async () => {
    const session = await compile(true, crossEntropy(true));
    const feeds = crossEntropyFeeds(true, 30);
    const expected = expectedLoss(feeds);
    const results = await session.run(feeds);
    assert.ok(Math.abs((results['loss']!.data[0] as number) / expected - 1) < 1e-5);
    for (const [name, { data }] of Object.entries(results))
      assert.ok([...(data as Float32Array)].every(Number.isFinite), name);
    await session.dispose();
  });

  it('gatherRows', async () => {
    const session = await compile(true, (graph) => {
      const x = graph.input('x', 'float32', ['tokens', width]);
      const chosen = gatherRows(graph, x, graph.input('places', 'int64', ['chosen']));
      const squares = multiply(graph, chosen, chosen);
      const loss = graph.asOne(
        [squares],
        () => sum(graph, squares, [0, 1], false),
        (dloss) => [
          () =>
            multiply(graph, graph.node('Expand', [graph.scalar(1), size(graph, squares)], squares), dloss!),
        ],
      );
      return { loss, wrt: [x] };
    });
    const places: TensorValue = { type: 'int64', dims: [3], data: BigInt64Array.of(6n, 0n, 3n) };
    await checkSlopes(session, { x: floats([7, width]), places }, ['x']);
    await session.dispose();
  });
});
