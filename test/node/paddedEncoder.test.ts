import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildInferenceGraph } from '../../src/core/encoder/inferenceGraph';
import type { PaddedClassifier } from '../../src/core/evaluate/modelScores';
import { truncate } from '../../src/core/evaluate/tokenRows';
import { loadTokenizer } from '../../src/core/tokenize/loadTokenizer';
import { openEncoderFolder } from '../../src/node/encoderFolder';
import { onnxRuntime } from '../../src/node/onnxRuntime';
import { padBatch } from '../../src/node/paddedBatch';
import { openPaddedEncoder } from '../../src/node/paddedEncoder';
import { PAPER_ORACLES, paperOracle, paperPath, tokenizerFile } from '../paperOracles';

/** The plain graph that accelerators get, on the CPU. */
async function plainEncoder(name: string, length: number): Promise<PaddedClassifier> {
  const { config, weights, close } = await openEncoderFolder(paperPath(name));
  const model = buildInferenceGraph(config, weights, { precision: 'fp32', fused: false });
  close();
  const session = await onnxRuntime().compile(model, 'cpu');
  return {
    length,
    logits: async (ids) =>
      (await session.run(padBatch([ids], config.padId, length))).logits!.data as Float32Array,
  };
}

describe('encoders on padded notes beside transformers', () => {
  for (const name of PAPER_ORACLES) {
    it(`${name}: the logits of every position, padding included`, async () => {
      const oracle = paperOracle(name);
      const tokenizerJson = JSON.parse(readFileSync(tokenizerFile(oracle), 'utf8')) as unknown;
      const tokenizer = loadTokenizer({ tokenizerJson, tokenizerConfig: undefined, vocabTxt: undefined });
      const encoder = await openPaddedEncoder(paperPath(name), { device: 'cpu', precision: 'fp32' });
      assert.equal(encoder.length, oracle.length);
      for (const padded of [encoder, await plainEncoder(name, oracle.length)]) {
        for (const [i, { text }] of oracle.records.entries()) {
          const { ids } = truncate(tokenizer.encode(text), oracle.length);
          assert.equal(ids.length, oracle.tokens[i]);
          const logits = await padded.logits(ids);
          assert.equal(logits.length, oracle.logits[i]!.length);
          const off = logits.map((value, k) => Math.abs(value - oracle.logits[i]![k]!));
          assert.ok(Math.max(...off) < 2e-5, `note ${i}: ${Math.max(...off)}`);
        }
      }
      await encoder.dispose();
    });
  }
});
