import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openSafetensors } from '../../../src/node/checkpoint/safetensors';
import { writeSafetensors } from '../../../src/node/checkpoint/writeSafetensors';
import { encoderPath } from '../oracleEncoders';
import { createTrainingEngine } from '../../../src/node/training/engineFactory';
import { engineFor, labels, noDropout, plans, stateOf } from './engineProbe';
import { optimiser, readTrainingOracle } from './trainingOracle';

const settings = { failure: 'settings' };

describe('an engine that is asked for what it cannot do', () => {
  for (const device of ['cuda', 'dml', 'coreml'] as const)
    it(`says that ${device} does not train`, () =>
      assert.rejects(engineFor('bert', 'whole-graph', device), {
        ...settings,
        message: new RegExp(
          `^the device ${device} predicts but does not train: it runs on the CPU \\(cpu\\)`,
        ),
      }));

  for (const plan of plans) {
    it(`refuses more tokens than the encoder has positions: ${plan}`, async () => {
      const engine = await engineFor('bert', plan, 'cpu');
      const [example] = readTrainingOracle('bert').examples;
      const tooLong = {
        ...settings,
        message: /^the encoder reads \d+ tokens, not 4000: give a smaller --max-length/,
      };
      await assert.rejects(engine.accumulate([example!], 1, 4000), tooLong);
      await assert.rejects(engine.logits([new Int32Array(4000)]), tooLong);
      const unknown = { ...example!, ids: Int32Array.from(example!.ids, () => 99_999) };
      await assert.rejects(engine.accumulate([unknown], 1), {
        ...settings,
        message:
          /^config\.json says that the vocabulary has \d+ entries, but the tokenizer gives the id 99999/,
      });
      await engine.dispose();
    });

    it(`returns a loss that is not a number as it is: ${plan}`, async () => {
      const engine = await engineFor('bert', plan, 'cpu');
      const { examples } = readTrainingOracle('bert');
      await engine.accumulate(examples, 1);
      await engine.update({ learningRate: 1e38, maxGradientNorm: Infinity });
      assert.ok(!Number.isFinite(await engine.accumulate(examples, 2)));
      await engine.dispose();
    });
  }
});

describe('the head that training begins with', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-head-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function weightsOf(encoder: string, outputs: readonly string[], seed = 1) {
    const options = {
      device: 'cpu',
      optimiser,
      dropout: noDropout,
      positiveWeights: undefined,
      plan: 'whole-graph',
      threads: 1,
    } as const;
    const engine = await createTrainingEngine(encoder, { ...options, labels: outputs, seed });
    const state = await stateOf(engine);
    await engine.dispose();
    return (name: string) => state.get(`${name} weight`)!.values;
  }

  function stored(encoder: string, name: string): Float32Array {
    const file = openSafetensors(path.join(encoder, 'model.safetensors'));
    const { shape } = file.tensors.get(name)!;
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    file.readInto(name, new Uint8Array(values.buffer));
    file.close();
    return values;
  }

  const deviation = (values: Float32Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

  for (const [name, expected] of [
    ['bert', 0.02],
    ['modernbert', undefined],
  ] as const) {
    const encoder = encoderPath(name);

    it(`is the checkpoint's where its outputs are the same: ${name}`, async () => {
      const weights = await weightsOf(encoder, labels);
      assert.deepEqual(weights('classifier.weight'), stored(encoder, 'classifier.weight'));
    });

    it(`is new where they are others: ${name}`, async () => {
      const many = Array.from({ length: 50 }, (_, i) => `L${i}`);
      const weights = await weightsOf(encoder, many);
      const classifier = weights('classifier.weight');
      const width = classifier.length / many.length;
      const scale = expected ?? width ** -0.5;
      assert.ok(Math.abs(deviation(classifier) / scale - 1) < 0.1, String(deviation(classifier)));
      assert.deepEqual(weights('classifier.bias'), new Float32Array(many.length));
      assert.deepEqual((await weightsOf(encoder, many))('classifier.weight'), classifier);
      assert.notDeepEqual((await weightsOf(encoder, many, 2))('classifier.weight'), classifier);
      const renamed = await weightsOf(encoder, [...labels.slice(1), labels[0]!]);
      assert.notDeepEqual(renamed('classifier.weight'), stored(encoder, 'classifier.weight'));
      if (name === 'modernbert')
        assert.deepEqual(
          weights('head.dense.weight'),
          stored(encoder, 'head.dense.weight'),
          'as transformers keeps it',
        );
    });
  }

  it('keeps what masked language modelling shares with it in ModernBERT', async () => {
    const encoder = encoderPath('modernbert-masked-lm');
    const weights = await weightsOf(encoder, labels);
    assert.deepEqual(weights('head.dense.weight'), stored(encoder, 'head.dense.weight'));
    assert.deepEqual(weights('head.norm.weight'), stored(encoder, 'head.norm.weight'));
    assert.ok(deviation(weights('classifier.weight')) > 0);
  });

  for (const name of ['bert', 'modernbert'])
    it(`is all new where a checkpoint has none: ${name}`, async () => {
      const encoder = await withoutHead(name);
      const weights = await weightsOf(encoder, labels);
      assert.ok(deviation(weights('classifier.weight')) > 0);
      if (name === 'bert') return;
      assert.ok(weights('head.norm.weight').every((value) => value === 1));
      assert.ok(deviation(weights('head.dense.weight')) > 0);
    });

  /** The same encoder as it comes out of pre-training that leaves no head. */
  async function withoutHead(name: string): Promise<string> {
    const copy = path.join(folder, name);
    mkdirSync(copy);
    copyFileSync(path.join(encoderPath(name), 'config.json'), path.join(copy, 'config.json'));
    const file = openSafetensors(path.join(encoderPath(name), 'model.safetensors'));
    const entries = [...file.tensors].filter(([key]) => !/^(head|classifier)\./.test(key));
    async function* tensors() {
      for (const [key] of entries) yield { name: key, values: stored(encoderPath(name), key) };
    }
    const shapes = entries.map(([key, { shape }]) => ({ name: key, shape }));
    await writeSafetensors(path.join(copy, 'model.safetensors'), shapes, tensors());
    file.close();
    return copy;
  }
});
