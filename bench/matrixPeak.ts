import { GraphBuilder } from '../src/core/graph/graphBuilder';
import { toOnnx } from '../src/core/graph/onnxBytes';
import { matMul } from '../src/core/graph/operators/matMul';
import { onnxRuntime } from '../src/node/onnxRuntime';

const SIZE = 1024;
const RUNS = 12;

/** What ONNX Runtime makes of a large product of two matrices on the CPU, in operations a second: the best of some runs. */
export async function matrixPeak(threads: number): Promise<number> {
  const graph = new GraphBuilder({ fused: true });
  const dims = [SIZE, SIZE];
  const [x, y] = [graph.input('x', 'float32', dims), graph.input('y', 'float32', dims)];
  graph.output('z', matMul(graph, x, y));
  const session = await onnxRuntime(threads > 0 ? { threads } : {}).compile(toOnnx(graph), 'cpu');
  const matrix = { type: 'float32', dims, data: new Float32Array(SIZE * SIZE).fill(0.5) } as const;
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    await session.run({ x: matrix, y: matrix });
    best = Math.min(best, performance.now() - started);
  }
  await session.dispose();
  return (2 * SIZE ** 3) / (best / 1000);
}
