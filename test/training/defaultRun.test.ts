import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CorpusDocument } from '../../src/core/corpus/document';
import { SEMANTIC_GROUPS } from '../../src/core/labels/groups';
import { seededRng } from '../../src/core/random';
import { openEncoderFolder } from '../../src/node/encoderFolder';
import { openSafetensors } from '../../src/node/checkpoint/safetensors';
import type { TensorToWrite } from '../../src/node/checkpoint/replaceSafetensors';
import { replaceSafetensors } from '../../src/node/checkpoint/replaceSafetensors';
import { openModel } from '../../src/node/model';
import { averageCheckpoints } from '../../training/averageCheckpoints';
import { bertTensors, writeBertFolder } from '../../training/base/bertFolder';
import type { DefaultRun } from '../../training/defaultRun';
import { makeDefaultModel } from '../../training/defaultRun';
import { defaultRecipe, earlierEpoch } from '../../training/recipe';
import type { FineTuning, RunTools } from '../../training/runTools';
import { tinyE5s1 } from './e5s1File';
import { temporaryFolder } from '../temporaryFolder';

const labels = Object.keys(SEMANTIC_GROUPS);
const words = ['dor', 'febre'];
const temporary = (): string => temporaryFolder('default');
const note = (id: string, text: string): CorpusDocument => ({
  id,
  text,
  annotations: [{ label: 'Disorders', fragments: [{ start: 0, end: 3 }] }],
});
const decision = { scheme: 'IO', labels, maxTokens: 512, smoothing: { method: 'word' } };

/** Weights as fine-tuning leaves them, all drawn from a seed. */
async function writeTrained(file: string, seed: number): Promise<void> {
  const rng = seededRng(seed);
  const random = (size: number): Uint8Array =>
    new Uint8Array(Float32Array.from({ length: size }, () => rng() - 0.5).buffer);
  const tensors = bertTensors(tinyE5s1(words)).map(({ name, shape }): TensorToWrite => ({
    name: `bert.${name}`,
    type: 'F32',
    shape,
    elements: () => random(shape.reduce((size, length) => size * length, 1)),
  }));
  const head = [
    ['classifier.weight', [labels.length, 32]],
    ['classifier.bias', [labels.length]],
  ] as const;
  const added = head.map(([name, shape]): TensorToWrite => ({
    name,
    type: 'F32',
    shape,
    elements: () => random(shape.reduce<number>((size, length) => size * length, 1)),
  }));
  await replaceSafetensors(file, [...tensors, ...added]);
}

function float32(file: string, name: string): Float32Array {
  const checkpoint = openSafetensors(file);
  const size = checkpoint.tensors.get(name)!.shape.reduce((product, length) => product * length, 1);
  const values = new Float32Array(size);
  checkpoint.readInto(name, new Uint8Array(values.buffer));
  checkpoint.close();
  return values;
}

describe('making the default model', () => {
  let folder: string;
  let calls: FineTuning[];
  let run: DefaultRun;
  let tools: RunTools;

  beforeEach(async () => {
    folder = temporary();
    calls = [];
    await writeBertFolder(path.join(folder, 'encoder'), tinyE5s1(words));
    run = {
      run: path.join(folder, 'run'),
      model: path.join(folder, 'model'),
      base: path.join(folder, 'encoder'),
      recipe: { ...defaultRecipe, epochs: 4, strength: 1 },
      parts: {
        train: [note('a', 'dor forte em MSD, PA 120x80.'), note('b', 'dor no peito.')],
        validation: [note('c', 'dor')],
        test: [],
      },
      lexicon: {
        drugs: ['dipirona'],
        firstNames: ['Ana'],
        abbreviations: [],
        titles: ['Dor'],
        terms: new Map(),
      },
      device: 'cpu',
      say: () => undefined,
      writeCard: async (into) => writeFileSync(path.join(into, 'README.md'), 'card'),
    };
    tools = {
      fineTune: async (request) => {
        calls.push(request);
        for (const [epoch, file] of request.keep) await writeTrained(file, epoch);
        return 'finished';
      },
      fitDecision: async () => decision,
    };
  });

  it('gives a model that opens, of averaged weights in eight bits', async () => {
    assert.equal(await makeDefaultModel(run, tools), 'finished');
    assert.deepEqual(readdirSync(run.model).sort(), [
      'README.md',
      'anamnese.json',
      'config.json',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const model = await openModel(run.model, { device: 'cpu', precision: 'int8', onNotice: assert.fail });
    assert.deepEqual(model.predictor.classifier.labels, labels);
    const [logits] = await model.predictor.classifier.logits([model.predictor.tokenizer.encode('dor').ids]);
    assert.ok(logits!.every(Number.isFinite));
    await model.dispose();

    const [earlier, last] = [...calls[0]!.keep.values()];
    const { weights, close } = await openEncoderFolder(run.model);
    const name = 'encoder.layer.0.intermediate.dense.weight';
    const [a, b] = [float32(earlier!, `bert.${name}`), float32(last!, `bert.${name}`)];
    weights.float32(name).forEach((value, i) => {
      // Within half a step of 1/127 of the row's largest, which is below 0.5.
      assert.ok(Math.abs(value - (0.3 * a[i]! + 0.7 * b[i]!)) <= 0.5 / 127 / 2 + 1e-7);
    });
    close();
  });

  it('asks for other documents each epoch, the same for the same epoch', async () => {
    await makeDefaultModel(run, tools);
    const [{ documents, keep }] = calls as [FineTuning];
    assert.deepEqual(documents(1), documents(1));
    assert.notDeepEqual(documents(1), documents(2));
    assert.deepEqual([...keep.keys()], [1, 3]);
  });

  it('writes no model when it is stopped, and goes on with the same request', async () => {
    const stopping: RunTools = { ...tools, fineTune: async (r) => (calls.push(r), 'stopped') };
    assert.equal(await makeDefaultModel(run, stopping), 'stopped');
    assert.ok(!existsSync(run.model));
    assert.equal(await makeDefaultModel(run, tools), 'finished');
    assert.equal(calls[0]!.folder, calls[1]!.folder);
    assert.deepEqual([...calls[0]!.keep], [...calls[1]!.keep]);
  });

  it('takes the recipe’s threshold for all labels where it has one', async () => {
    await makeDefaultModel({ ...run, recipe: { ...run.recipe, threshold: 0.42 } }, tools);
    const { thresholds } = JSON.parse(readFileSync(path.join(run.model, 'anamnese.json'), 'utf8')) as {
      thresholds: Record<string, number>;
    };
    assert.deepEqual(thresholds, Object.fromEntries(labels.map((label) => [label, 0.42])));
  });

  it('needs a BERT', async () => {
    const other = path.join(folder, 'other');
    mkdirSync(other);
    writeFileSync(path.join(other, 'config.json'), '{"model_type":"modernbert"}');
    await assert.rejects(makeDefaultModel({ ...run, base: other }, tools), /model_type is modernbert/);
  });
});

describe('averages of checkpoints', () => {
  it('have shares that add up, and equal tensors', async () => {
    const folder = temporary();
    const [a, b] = [path.join(folder, 'a.safetensors'), path.join(folder, 'b.safetensors')];
    const out = path.join(folder, 'out.safetensors');
    const one = (...values: number[]): TensorToWrite => ({
      name: 'x',
      type: 'F32',
      shape: [values.length],
      elements: () => new Uint8Array(Float32Array.from(values).buffer),
    });
    await replaceSafetensors(a, [one(1, 2)]);
    await replaceSafetensors(b, [one(3, -2)]);
    const shares = (first: number, second: number) => [
      { file: a, share: first },
      { file: b, share: second },
    ];
    await averageCheckpoints(shares(0.25, 0.75), out);
    assert.deepEqual([...float32(out, 'x')], [2.5, -1]);
    await assert.rejects(averageCheckpoints(shares(0.5, 0.6), out), /add up to 1\.1, not 1/);
    await replaceSafetensors(b, [one(3)]);
    await assert.rejects(averageCheckpoints(shares(0.5, 0.5), out), /not the same size/);
    await replaceSafetensors(b, [{ ...one(3), name: 'y' }]);
    await assert.rejects(averageCheckpoints(shares(0.5, 0.5), out), /b\.safetensors: x is missing/);
  });

  it('take the earlier weights at the recipe’s share of the epochs', () => {
    const at = (epochs: number): number => earlierEpoch({ ...defaultRecipe, epochs });
    assert.deepEqual([1, 2, 4, 15].map(at), [0, 0, 1, 6]);
  });
});
