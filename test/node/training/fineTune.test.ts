import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FineTuneJob } from '../../../src/core/train/settings/jobs';
import { TrainingError } from '../../../src/core/train/trainingError';
import { openModel } from '../../../src/node/model';
import type { TrainingEngineOptions } from '../../../src/node/training/engineFactory';
import { ToyEngine } from './toyEngine';
import { toyFolder, toyJob, trainToy as train } from './toyRun';

describe('fineTune', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const job = (out: string, more: Partial<FineTuneJob> = {}): FineTuneJob => toyJob(folder, out, more);
  const file = (out: string, name: string): Buffer => readFileSync(path.join(folder, out, name));

  it('learns, and writes a folder that opens as any model does', async () => {
    const { result, events } = train(job('whole'));
    const { scores, reason, bestEpoch } = await result;
    assert.equal(reason, 'epochs');
    assert.ok(bestEpoch !== null && scores.test!.tokens.microF1 > 0.95, JSON.stringify(scores));
    assert.ok(scores.test!.words.microF1 > 0.95);
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.loss] : []));
    assert.ok(losses.at(-1)! < losses[0]! / 3, String(losses));
    assert.deepEqual(readdirSync(path.join(folder, 'whole')).sort(), [
      ...[
        'README.md',
        'anamnese.json',
        'config.json',
        'model.onnx',
        'model.safetensors',
        'training',
        'vocab.txt',
      ],
    ]);
    assert.deepEqual(readdirSync(path.join(folder, 'whole', 'training')).sort(), ['run.json', 'split.json']);
    const model = await openModel(path.join(folder, 'whole'), {
      device: 'cpu',
      precision: 'fp32',
      onNotice: assert.fail,
    });
    const { settings } = model.predictor;
    assert.deepEqual(settings.decoding.outputs, ['Procedures', 'Disorders', 'Anatomy', 'Chemicals & Drugs']);
    assert.ok(Object.values(settings.decoding.thresholds).every((threshold) => threshold !== 0.5));
    await model.dispose();
    const card = file('whole', 'README.md').toString();
    assert.match(card, /SHA-256 of the split .*`[0-9a-f]{64}`/);
    assert.ok(!card.includes(folder), 'no paths of the machine');
  });

  it('learns by its settings, which stand in run.json and the card', async () => {
    const settings = {
      ...{ weights: { power: 0.25, beginScale: 2 }, dropout: { hidden: 0.2 }, warmUp: 0.25, patience: null },
      optimiser: { beta1: 0.8, layerDecay: 0.5 },
    };
    let asked: TrainingEngineOptions | undefined;
    const more = { settings, strategy: 'weighted', scheme: 'BIO', epochs: 1 } as const;
    const createEngine = async (encoder: string, options: TrainingEngineOptions) =>
      ToyEngine.open(encoder, (asked = options));
    await train(job('settings', more), undefined, { createEngine }).result;
    const { optimiser, dropout, positiveWeights } = asked!;
    assert.equal(optimiser.beta1, 0.8);
    assert.equal(optimiser.parameter('encoder.layer.0.output.dense.weight').rate, 0.5 ** 2);
    assert.deepEqual(dropout, { embeddings: 0.2, attention: 0, hidden: 0.2, classifier: 0.1 });
    const run = JSON.parse(file('settings', 'training/run.json').toString()) as {
      settings: { parameters: Record<string, unknown> };
    };
    const { parameters } = run.settings;
    assert.deepEqual(parameters['weights'], { power: 0.25, minimum: null, beginScale: 2 });
    assert.deepEqual(parameters['dropout'], dropout);
    assert.deepEqual([parameters['warmUp'], parameters['learningRate']], [0.25, 0.03]);
    const card = file('settings', 'README.md').toString();
    assert.ok(card.includes('| weights | `{"power":0.25,"minimum":null,"beginScale":2}` |'), card);
    assert.ok(
      card.includes('| dropout | `{"embeddings":0.2,"attention":0,"hidden":0.2,"classifier":0.1}` |'),
    );
    await train(job('whole-weights', { ...more, settings: undefined }), undefined, { createEngine }).result;
    const whole = asked!.positiveWeights!.filter((_, output) => output % 2 === 1);
    const expected = whole.flatMap((weight) => [2 * weight ** 0.25, weight ** 0.25]);
    assert.deepEqual(positiveWeights, expected);
  });

  it('ends early without gain on validation, and keeps the best', async () => {
    const { result } = train(job('early', { epochs: 30, patience: 2 }));
    const { reason, bestEpoch } = await result;
    assert.equal(reason, 'patience');
    const run = JSON.parse(file('early', 'training/run.json').toString()) as {
      result: { history: unknown[] };
    };
    assert.equal(run.result.history.length, bestEpoch! + 3);
  });

  it('takes up no run of other settings, none that has finished, and begins none among other files', async () => {
    const fail = (): void => assert.fail('killed');
    await assert.rejects(train(job('other'), (call) => call === 'logits' && fail()).result);
    await train(job('other', { learningRate: 0.01 })).result;
    // Nothing was saved, so that was a new run. Now one with a checkpoint:
    let validations = 0;
    const failLate = (call: string): void => {
      if (call === 'logits' && ++validations > 2) fail();
    };
    await assert.rejects(train(job('late'), failLate).result);
    await assert.rejects(
      train(job('late', { learningRate: 0.02 })).result,
      /unfinished run of other settings \(parameters\.learningRate was 0\.03, is 0\.02\)/,
    );
    await assert.rejects(train(job('late', { scheme: 'BIO' })).result, /scheme was "IO", is "BIO"/);
    await assert.rejects(train(job('whole')).result, /holds a finished run: choose another folder/);
    await assert.rejects(
      train(job('nothing', { resume: true })).result,
      /holds no run that could be taken up/,
    );
    mkdirSync(path.join(folder, 'taken'));
    writeFileSync(path.join(folder, 'taken', 'thesis.docx'), '');
    await assert.rejects(train(job('taken')).result, /is not empty and holds no run/);
    assert.deepEqual(readdirSync(path.join(folder, 'taken')), ['thesis.docx']);
  });

  it('ends with advice when the loss is not a number, the last checkpoint whole', async () => {
    const { result } = train(job('nan'), undefined, {
      createEngine: async (encoder, options) => {
        const engine = ToyEngine.open(encoder, options);
        const accumulate = engine.accumulate.bind(engine);
        engine.accumulate = async (batch, seed) => (engine.updates === 12 ? NaN : accumulate(batch, seed));
        return engine;
      },
    });
    await assert.rejects(result, (error) => error instanceof TrainingError && error.failure === 'diverged');
    const names = readdirSync(path.join(folder, 'nan', 'training'));
    assert.ok(
      names.some((name) => name.startsWith('checkpoint-')),
      String(names),
    );
  });

  it('says in plain words that memory ran out', async () => {
    const full = (call: string): void => {
      if (call === 'accumulate')
        throw new Error('bfc_arena.cc:376 Failed to allocate memory for requested buffer');
    };
    await assert.rejects(train(job('memory'), full).result, (error) => {
      assert.ok(error instanceof TrainingError && error.failure === 'memory');
      assert.match(error.message, /^memory ran out: give a smaller --batch/);
      return true;
    });
  });

  for (const [strategy, more] of [
    ['weighted', {}],
    ['clamped', { scheme: 'BIO' }],
    ['oversampling', { preset: 'study', batchTokens: undefined, batch: 4, accumulate: 2 }],
    ['random', { labels: ['Anatomy', 'Disorders'] }],
  ] as const)
    it(`learns with ${strategy}`, async () => {
      const { result, events } = train(job(strategy, { strategy, ...more }));
      const { scores } = await result;
      // Unclamped, a label that every note has weighs nothing, and these notes have some such.
      const least = strategy === 'weighted' ? 0.5 : 0.9;
      assert.ok(scores.validation!.tokens.microF1 > least, JSON.stringify(scores));
      const started = events.find((event) => event.type === 'started');
      assert.ok(started?.type === 'started');
      if (strategy === 'random') assert.deepEqual(started.outputs, ['Anatomy', 'Disorders']);
      if (strategy === 'clamped')
        assert.deepEqual(started.outputs.slice(0, 2), ['B-Procedures', 'I-Procedures']);
    });

  it('trains and finishes without validation notes', async () => {
    const split = JSON.parse(file('whole', 'training/split.json').toString()) as {
      parts: Record<string, string[]>;
    };
    const { train: own, validation, test } = split.parts;
    const parts = { train: [...own!, ...validation!], test };
    const given = path.join(folder, 'two.json');
    writeFileSync(given, JSON.stringify({ ...split, ratio: [80, 20], parts }));
    const { result } = train(job('two', { split: given }));
    const { scores, bestEpoch } = await result;
    assert.equal(bestEpoch, null);
    assert.ok(!scores.validation && scores.test!.tokens.microF1 > 0.9, JSON.stringify(scores));
  });

  it('names the folder of an encoder without a tokenizer', () => {
    const encoder = path.join(folder, 'no-tokenizer');
    mkdirSync(encoder);
    for (const name of ['config.json', 'model.safetensors'])
      cpSync(path.join(folder, 'encoder', name), path.join(encoder, name));
    return assert.rejects(
      train(job('refused', { encoder })).result,
      /no-tokenizer: tokenizer\.json: is missing/,
    );
  });

  for (const [what, more, message] of [
    ['a corpus that is not there', { corpus: '/nowhere' }, /\/nowhere: no such file or folder/],
    ['an encoder that is not there', { encoder: '/nowhere' }, /nowhere.*config\.json: is missing/],
    ['labels that no note has', { labels: ['Anatomia'] }, /--labels: no training note has Anatomia/],
    ['a split that is not there', { split: '/nowhere.json' }, /\/nowhere\.json: cannot be read \(ENOENT\)/],
    ['notes and tokens a batch', { batch: 4 }, /--batch counts notes and --batch-tokens tokens/],
  ] as const)
    it(`refuses ${what}`, () => assert.rejects(train(job('refused', more)).result, message));
});
