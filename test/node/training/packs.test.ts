import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/graph/gradients';
import { GraphBuilder } from '../../../src/core/graph/graphBuilder';
import { toOnnx } from '../../../src/core/graph/onnxBytes';
import { add, multiply } from '../../../src/core/graph/operators/elementwise';
import { sum } from '../../../src/core/graph/operators/reduce';
import type { Value } from '../../../src/core/graph/value';
import { packed, packedInputs } from '../../../src/core/train/graphs/parameterInputs';
import { onnxRuntime } from '../../../src/node/onnxRuntime';

const runtime = onnxRuntime({ threads: 1 });

/** Members of lengths 1, 2, 3, 1, 2 … in one pack; the i-th counts i + 1 in the sum of all elements. */
async function weighed(members: number) {
  const parameters = Array.from({ length: members }, (_, i) => {
    const shape = [1 + (i % 3)];
    return { name: `w${i}`, shape, pieces: [{ name: `w${i}`, shape }] };
  });
  const [pack] = packed(parameters, () => 'pack');
  const graph = new GraphBuilder({ fused: false, differentiable: true });
  const { list, source } = packedInputs(graph, [pack!]);
  const parts = parameters.map((parameter, i) => multiply(graph, source(parameter), graph.scalar(i + 1)));
  const input = list[0]!.value;
  const seeds = parts.map((output) => ({ output, gradient: ones(graph, output) }));
  const found = gradients(graph, seeds, [input]);
  const total = parts.map((part) => sum(graph, part, [0])).reduce((a, b) => add(graph, a, b));
  graph.output('total', total);
  graph.output('gradient', found[0]!);
  const session = await runtime.compile(toOnnx(graph), 'cpu');
  const length = pack!.shape[0]!;
  const data = Float32Array.from({ length }, (_, i) => 1 + (i % 5));
  const results = await session.run({ pack: { type: 'float32', dims: [length], data } });
  await session.dispose();
  const weights = parameters.flatMap(({ shape }, i) => Array.from({ length: shape[0]! }, () => i + 1));
  return { results, data, weights };
}

function ones(graph: GraphBuilder, { shape }: Value): Value {
  return graph.constant(
    'float32',
    Array.from({ length: shape[0] as number }, () => 1),
  );
}

describe('a pack of parameters', () => {
  for (const members of [1, 2, 5, 6, 7, 12, 13, 35, 36, 37, 43])
    it(`is cut into ${members}, and its gradient put together`, async () => {
      const { results, data, weights } = await weighed(members);
      const expected = data.reduce((total, value, i) => total + value * weights[i]!, 0);
      assert.equal((results.total!.data as Float32Array)[0], expected);
      assert.deepEqual([...(results.gradient!.data as Float32Array)], weights);
    });
});
