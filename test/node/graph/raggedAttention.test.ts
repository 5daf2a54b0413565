import assert from 'node:assert/strict';
import { GraphBuilder } from '../../../src/core/graph/graphBuilder';
import { toOnnx } from '../../../src/core/graph/onnxBytes';
import { attend, selfAttention } from '../../../src/core/graph/operators/attention';
import { rotation } from '../../../src/core/graph/operators/rotary';
import { split } from '../../../src/core/graph/operators/shape';
import { padded, ragged } from '../../../src/core/graph/operators/textLayout';
import type { QueryKeyValue } from '../../../src/core/graph/operators/attention';
import { onnxRuntime } from '../../../src/node/onnxRuntime';

const lengths = [5, 1, 9];
const [heads, width] = [2, 8];
const qkv = Float32Array.from({ length: 15 * 3 * width }, (_, i) => Math.sin(i * i));
const runtime = onnxRuntime({ threads: 1 });

/** Attention of some rows of `qkv`: one text, or several in a row. */
async function attention(fused: boolean, texts: readonly number[], from = 0, apart = false) {
  const graph = new GraphBuilder({ fused });
  const tokens = texts.reduce((sum, length) => sum + length);
  const alone = texts.length === 1;
  const x = graph.input('x', 'float32', ['tokens', 3 * width]);
  if (alone) graph.input('ids', 'int32', ['batch', 'length']);
  const layout = alone ? padded(undefined) : ragged(3, graph.input('lengths', 'int64', [3]));
  const options = { heads, layout, window: 2, rotation: rotation(graph, 16, width / heads, 100) };
  const parts = () => split(graph, x, [width, width, width]) as unknown as QueryKeyValue;
  graph.output('y', apart ? attend(graph, parts(), options) : selfAttention(graph, x, options));
  const session = await runtime.compile(toOnnx(graph), 'cpu');
  const data = qkv.subarray(from * 3 * width, (from + tokens) * 3 * width);
  const { y } = await session.run({
    x: { type: 'float32', dims: [tokens, 3 * width], data },
    ...(alone && { ids: { type: 'int32', dims: [1, tokens], data: new Int32Array(tokens) } }),
    ...(!alone && { lengths: { type: 'int64', dims: [3], data: BigInt64Array.from(texts, BigInt) } }),
  });
  await session.dispose();
  return y!.data as Float32Array;
}

describe('attention of texts in a row', () => {
  for (const fused of [true, false])
    for (const apart of [false, true])
      it(`is that of each text alone: ${fused ? 'one operator' : 'plain ONNX'}${apart ? ', parts apart' : ''}`, async () => {
        const together = await attention(fused, lengths, 0, apart);
        let start = 0;
        for (const length of lengths) {
          const alone = await attention(fused, [length], start, apart);
          alone.forEach((value, i) => assert.ok(Math.abs(together[start * width + i]! - value) < 1e-6));
          start += length;
        }
        assert.equal(together.length, start * width);
      });
});
