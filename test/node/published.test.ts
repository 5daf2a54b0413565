import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Checkpoint } from '../../src/core/encoder/checkpoint';
import { parseEncoderConfig } from '../../src/core/encoder/config';
import { buildInferenceGraph } from '../../src/core/encoder/inferenceGraph';
import { EncoderWeights } from '../../src/core/encoder/weights';
import { decoderBias, predictionHeadWeights } from '../../src/core/encoder/weightNames';
import type { FineTuneJob } from '../../src/core/train/settings/jobs';
import type { RunEvent } from '../../src/core/train/loop/runEvents';
import { openPytorch } from '../../src/node/checkpoint/pytorch';
import { openSafetensors } from '../../src/node/checkpoint/safetensors';
import { openModel, openTokenizer } from '../../src/node/model';
import { onnxRuntime } from '../../src/node/onnxRuntime';
import { padBatch } from '../../src/node/paddedBatch';
import { fineTune } from '../../src/node/training/fineTune';
import { pretrain } from '../../src/node/training/pretrain';
import {
  publishedNames,
  publishedOracle,
  publishedPath,
  trueShape,
  withClassifier,
} from './publishedEncoders';
import { inventedNotes } from './training/toyNotes';

const runtime = onnxRuntime({ threads: 1 });

async function checkpointIn(folder: string): Promise<Checkpoint> {
  const safe = path.join(folder, 'model.safetensors');
  return existsSync(safe) ? openSafetensors(safe) : await openPytorch(path.join(folder, 'pytorch_model.bin'));
}

/** Logits of a published encoder with the oracle's classifier, text after text. */
async function logitsOf(name: string): Promise<number[]> {
  const oracle = publishedOracle(name);
  const text = readFileSync(path.join(publishedPath(name), 'config.json'), 'utf8');
  const labels = { id2label: undefined, num_labels: oracle.classifier.bias.length };
  const config = parseEncoderConfig(
    JSON.stringify({ ...(JSON.parse(text) as object), ...labels }),
    'config.json',
  );
  const checkpoint = withClassifier(await checkpointIn(publishedPath(name)), oracle);
  const weights = EncoderWeights.open(config, checkpoint);
  const session = await runtime.compile(
    buildInferenceGraph(config, weights, { precision: 'fp32', fused: true, padding: false }),
    'cpu',
  );
  const answers: number[] = [];
  for (const ids of oracle.ids) {
    const { input_ids } = padBatch([Int32Array.from(ids)], config.padId);
    answers.push(...((await session.run({ input_ids: input_ids! })).logits!.data as Float32Array));
  }
  checkpoint.close();
  await session.dispose();
  return answers;
}

describe('published encoders, tiny', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'anamnese-published-'));
    writeFileSync(path.join(folder, 'notes.jsonl'), inventedNotes(12, 5));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const job = (name: string, out: string): FineTuneJob => ({
    task: 'train',
    corpus: path.join(folder, 'notes.jsonl'),
    encoder: publishedPath(name),
    out: path.join(folder, out),
    preset: 'default',
    strategy: 'is',
    scheme: 'IO',
    seed: 3,
    device: 'cpu',
    epochs: 2,
    learningRate: 0.01,
    batchTokens: 400,
    maxLength: 40,
  });

  for (const name of publishedNames) {
    it(`${name} has the weights that are looked for, at its true size`, () => {
      const { config: text, checkpoint } = trueShape(name);
      const config = parseEncoderConfig(text, 'config.json');
      const head = [...predictionHeadWeights(config), decoderBias(config)!];
      const weights = EncoderWeights.open(config, checkpoint).including(config, head);
      assert.ok(head.every((spec) => weights.has(spec.name)));
      assert.equal(weights.hasHead, false);
    });

    it(`${name} reads texts and answers as transformers does`, async () => {
      const { texts, ids, logits } = publishedOracle(name);
      const tokenizer = await openTokenizer(publishedPath(name), folder);
      texts.forEach((text, i) => assert.deepEqual([...tokenizer.encode(text).ids], ids[i], text));
      const answers = await logitsOf(name);
      const expected = logits.flat(2);
      assert.equal(answers.length, expected.length);
      answers.forEach((value, i) =>
        assert.ok(Math.abs(value - expected[i]!) < 1e-4, `${value} ${expected[i]}`),
      );
    });

    it(`${name} learns, is taken up again, and ends as a folder that predicts and learns on`, async () => {
      const taken: RunEvent[] = [];
      const stop = (event: RunEvent): void => {
        if (event.type === 'saved') throw new Error('stopped');
      };
      await assert.rejects(fineTune(job(name, 'out'), { onEvent: stop, savingShare: 1 }), /stopped/);
      const { reason } = await fineTune(job(name, 'out'), { onEvent: (event) => void taken.push(event) });
      assert.equal(reason, 'epochs');
      assert.ok(taken.some((event) => event.type === 'started' && event.resumedAt !== undefined));
      const model = await openModel(path.join(folder, 'out'), {
        device: 'cpu',
        precision: 'auto',
        onNotice: assert.fail,
        runtime,
      });
      const { classifier, tokenizer } = model.predictor;
      const [answer] = await classifier.logits([tokenizer.encode('paciente com febre').ids]);
      assert.ok(answer!.length > 0 && answer!.every(Number.isFinite));
      await model.dispose();
      const on = { ...job(name, 'on'), encoder: path.join(folder, 'out'), epochs: 1 };
      assert.equal((await fineTune(on, { onEvent: () => undefined })).reason, 'epochs');
    });
  }

  for (const name of ['biobertpt-all', 'bert-large-portuguese-cased', 'ModernBERT-large', 'mmBERT-small']) {
    it(`${name} goes on being pre-trained, into a folder that learns`, async () => {
      const { corpus: texts, encoder, out } = job(name, 'pretrained');
      const common = { texts, encoder, out, seed: 1, device: 'cpu', epochs: 1, batchTokens: 400 } as const;
      await pretrain({ task: 'pretrain', ...common }, { onEvent: () => undefined });
      const on = { ...job(name, 'on'), encoder: out, epochs: 1 };
      assert.equal((await fineTune(on, { onEvent: () => undefined })).reason, 'epochs');
    });
  }

  it('names its family once it has learnt, whatever the config.json it began with', async () => {
    await fineTune({ ...job('biobertpt-bio', 'out'), epochs: 1 }, { onEvent: () => undefined });
    const config = readFileSync(path.join(folder, 'out', 'config.json'), 'utf8');
    assert.equal((JSON.parse(config) as { model_type: string }).model_type, 'bert');
  });

  it('is read-only to us', async () => {
    const copy = path.join(folder, 'encoder');
    cpSync(publishedPath('mmBERT-base'), copy, { recursive: true });
    await fineTune({ ...job('mmBERT-base', 'out'), encoder: copy, epochs: 1 }, { onEvent: () => undefined });
    for (const file of ['config.json', 'pytorch_model.bin', 'tokenizer.json'])
      assert.ok(
        readFileSync(path.join(copy, file)).equals(
          readFileSync(path.join(publishedPath('mmBERT-base'), file)),
        ),
      );
  });
});
