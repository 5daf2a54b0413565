import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { buildInferenceGraph } from '../../src/core/encoder/inferenceGraph';
import type { Precision } from '../../src/core/ports';
import { openEncoderFolder } from '../../src/node/encoderFolder';
import { onnxRuntime } from '../../src/node/onnxRuntime';
import { cutLogits, padBatch } from '../../src/node/paddedBatch';
import { encoderPath, encodersPath, readOracle } from './oracleEncoders';

/** Runs an oracle's batch; logits of the tokens alone, text after text. */
async function run(name: string, precision: Precision, fused: boolean): Promise<number[]> {
  const folder = await openEncoderFolder(encoderPath(name));
  // The runtime reads weights in their files for one of the two.
  const kind = { precision, fused, external: fused };
  const model = buildInferenceGraph(folder.config, folder.weights, kind);
  const session = await onnxRuntime({ threads: 1 }).compile(model, 'cpu', {
    weightsFolder: folder.weights.folder,
  });
  const { ids } = readOracle(name);
  const { logits } = await session.run(padBatch(ids, folder.config.padId));
  assert.deepEqual(logits!.dims, [ids.length, Math.max(...ids.map((text) => text.length)), 5]);
  folder.close();
  await session.dispose();
  return cutLogits(logits!.data as Float32Array, ids, 5).flatMap((text) => [...text]);
}

const difference = (a: number[], b: number[]) => a.map((value, i) => value - b[i]!);
const largest = (values: number[]) => Math.max(...values.map(Math.abs));
const rootMeanSquare = (values: number[]) => Math.hypot(...values) / Math.sqrt(values.length);

describe('encoders beside transformers', () => {
  const names = readdirSync(encodersPath).filter((name) => !/masked-lm|malicious/.test(name));

  for (const name of names) {
    it(`${name}: single precision`, async () => {
      const expected = readOracle(name).logits;
      for (const fused of [false, true]) {
        assert.ok(largest(difference(await run(name, 'fp32', fused), expected)) < 1e-4, `fused: ${fused}`);
      }
    });

    it(`${name}: eight bits`, async () => {
      const expected = readOracle(name).logits;
      const [plain, fused] = [await run(name, 'int8', false), await run(name, 'int8', true)];
      assert.ok(largest(difference(plain, fused)) < 1e-3);
      // Random weights of 32 features know no redundancy; trained encoders lose far less.
      const error = rootMeanSquare(difference(fused, expected)) / rootMeanSquare(expected);
      assert.ok(error < 0.06, `${error}`);
    });
  }
});
