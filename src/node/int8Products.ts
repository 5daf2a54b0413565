import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../core/graph/graphBuilder';
import { toOnnx } from '../core/graph/onnxBytes';

// Enough rows and columns for the kernel that matrices take, not the one for a vector.
const rows = 8;
const inner = 64;
const columns = 16;

let answer: Promise<boolean> | undefined;

/**
 * Whether this processor multiplies eight-bit matrices exactly.
 *
 * x86 processors without VNNI add pairs of products in sixteen bits, which overflows where inputs and weights are
 * large. ONNX Runtime can avoid that (`session.x64quantprecision`), but takes the slow way on every x86 processor then:
 * half the speed. So we look: the largest input times the largest weight, a few milliseconds, once a process.
 */
export function int8ProductsAreExact(): Promise<boolean> {
  answer ??= multiplyLargest();
  return answer;
}

async function multiplyLargest(): Promise<boolean> {
  const session = await InferenceSession.create(product(), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const inputs = new Tensor('uint8', new Uint8Array(rows * inner).fill(255), [rows, inner]);
  const { y } = await session.run({ x: inputs });
  await session.release();
  return (y!.data as Int32Array).every((sum) => sum === 255 * 127 * inner);
}

/** y = x · w, x uint8 [rows, inner], w int8 [inner, columns], all 127. */
function product(): Uint8Array {
  const graph = new GraphBuilder({ fused: false });
  const x = graph.input('x', 'uint8', [rows, inner]);
  const w = graph.initializer('w', 'int8', [inner, columns], (target) => target.fill(127));
  graph.output('y', graph.node('MatMulInteger', [x, w], { type: 'int32', shape: [rows, columns] }));
  return toOnnx(graph);
}
