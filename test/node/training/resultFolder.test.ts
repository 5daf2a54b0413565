import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { architectureOf, savedConfig } from '../../../src/core/encoder/savedConfig';
import { encoderWeights, headWeights, savedName } from '../../../src/core/encoder/weightNames';
import type { StateTensor } from '../../../src/core/train/engine';
import { loadEncoder } from '../../../src/node/encoder';
import { openEncoderFolder } from '../../../src/node/encoderFolder';
import { onnxRuntime } from '../../../src/node/onnxRuntime';
import { cutLogits, padBatch } from '../../../src/node/paddedBatch';
import type { Stateful } from '../../../src/node/training/engineState';
import { EngineStore } from '../../../src/node/training/engineState';
import { writeEncoderFolder, writeOnnx } from '../../../src/node/training/resultFolder';
import { encoderPath, readOracle } from '../oracleEncoders';

/** An engine at rest with a checkpoint's weights; with an average it is the average that counts. */
async function resting(folder: string, average: boolean): Promise<Stateful> {
  const { config, weights } = await openEncoderFolder(folder);
  async function* state(): AsyncGenerator<StateTensor> {
    for (const { name, shape } of [...encoderWeights(config), ...headWeights(config)]) {
      const values = weights.float32(name);
      yield { name, shape, kind: 'weight', values: average ? values.map((value) => value + 1) : values };
      if (average) yield { name, shape, kind: 'average', values };
    }
  }
  return { updates: 0, state, restore: assert.fail };
}

describe('the folder of a trained encoder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-result-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const runtime = onnxRuntime({ threads: 1 });

  for (const name of ['bert', 'modernbert', 'modernbert-biased', 'bert-int8'])
    it(`answers as ${name} did, read again and as ONNX`, async () => {
      const from = encoderPath(name);
      const base = { folder: from };
      const { config } = await openEncoderFolder(from);
      const configText = readFileSync(path.join(from, 'config.json'), 'utf8');
      const architecture = architectureOf(config.modelType, 'TokenClassification');
      const saved = savedConfig(configText, config.modelType, {
        architecture,
        outputs: config.labels,
        dropout: undefined,
      });
      const weights = path.join(folder, 'weights');
      const store = new EngineStore(await resting(from, name === 'bert'));
      await store.saveWeights(weights, (own) => savedName(config.modelType, own));
      await writeEncoderFolder(folder, base, weights, saved);
      const { ids } = readOracle(name);
      const [before, after] = await Promise.all(
        [from, folder].map((path) => loadEncoder(path, { device: 'cpu', precision: 'fp32', runtime })),
      );
      const expected = await before!.logits(ids);
      assert.deepEqual(await after!.logits(ids), expected);
      await writeOnnx(folder, saved);
      const session = await runtime.compile(readFileSync(path.join(folder, 'model.onnx')), 'cpu');
      const { logits } = await session.run(padBatch(ids, config.padId));
      const plain = cutLogits(logits!.data as Float32Array, ids, config.labels.length);
      plain.forEach((values, text) =>
        values.forEach((value, i) => assert.ok(Math.abs(value - expected[text]![i]!) < 1e-4)),
      );
      await Promise.all([session.dispose(), before!.dispose(), after!.dispose()]);
    });

  it('names weights as transformers does, whatever prefix they come with', () => {
    for (const name of ['encoder.layer.0.output.dense.weight', 'bert.encoder.layer.0.output.dense.weight'])
      assert.equal(savedName('bert', name), 'bert.encoder.layer.0.output.dense.weight');
    assert.equal(savedName('modernbert', 'final_norm.weight'), 'model.final_norm.weight');
    for (const name of ['classifier.weight', 'head.dense.weight', 'cls.predictions.bias'])
      assert.equal(savedName('modernbert', name), name);
  });

  it('says in config.json what was trained, and nothing of the file it was read from', () => {
    const text = JSON.stringify({
      model_type: 'modernbert',
      num_labels: 2,
      quantization_config: {},
      torch_dtype: 'float16',
      hidden_size: 32,
    });
    const dropout = { embeddings: 0.1, attention: 0.2, hidden: 0.3, classifier: 0.4 };
    const outputs = ['B-A', 'I-A'];
    const json = JSON.parse(
      savedConfig(text, 'modernbert', { architecture: 'ModernBertForTokenClassification', outputs, dropout }),
    ) as unknown;
    assert.deepEqual(json, {
      model_type: 'modernbert',
      hidden_size: 32,
      architectures: ['ModernBertForTokenClassification'],
      dtype: 'float32',
      id2label: { 0: 'B-A', 1: 'I-A' },
      label2id: { 'B-A': 0, 'I-A': 1 },
      problem_type: 'multi_label_classification',
      embedding_dropout: 0.1,
      attention_dropout: 0.2,
      mlp_dropout: 0.3,
      classifier_dropout: 0.4,
    });
  });

  it('leaves the numbers of config.json as they are spelt, since transformers tells 2.0 from 2', () => {
    const text =
      '{"model_type": "modernbert", "initializer_cutoff_factor": 2.0, "rope": {"rope_theta": 160000.0}}';
    const architecture = 'ModernBertForMaskedLM';
    const saved = savedConfig(text, 'modernbert', { architecture, outputs: undefined, dropout: undefined });
    assert.match(saved, /"initializer_cutoff_factor": 2\.0,/);
    assert.match(saved, /"rope_theta": 160000\.0$/m);
  });
});
