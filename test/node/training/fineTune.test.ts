import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FineTuneJob } from '../../../src/core/train/settings/jobs';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';
import { TrainingError } from '../../../src/core/train/trainingError';
import { openModel } from '../../../src/node/model';
import type { FineTuneHooks } from '../../../src/node/training/fineTune';
import { fineTune } from '../../../src/node/training/fineTune';
import { openToy, ToyEngine } from './toyEngine';
import { toyFolder, toyJob } from './toyRun';

/** Runs with the toy; `onCall` may throw in its stead. */
function train(
  job: FineTuneJob,
  onCall: (call: string) => void = () => undefined,
  more: Partial<FineTuneHooks> = {},
) {
  const events: RunEvent[] = [];
  const result = fineTune(job, {
    onEvent: (event) => void events.push(event),
    createEngine: async (folder, options) => {
      const engine = ToyEngine.open(folder, options);
      engine.onCall = onCall;
      return engine;
    },
    openClassifier: openToy,
    savingShare: 1,
    ...more,
  });
  return { result, events };
}

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

  it('goes on after a failure at any call as if it had never been', async function () {
    this.timeout(120_000);
    let calls = 0;
    await train(job('counted'), () => void calls++).result;
    // Every call at the beginning and a sample of the rest: epochs resemble each other.
    for (let failing = 1; failing < calls; failing += failing < 40 ? 7 : 53) {
      const out = `failing-${failing}`;
      let call = 0;
      const fail = (): void => {
        if (++call === failing) throw new Error('killed');
      };
      const first = train(job(out), fail);
      await assert.rejects(first.result, /killed/);
      const { result, events } = train(job(out));
      await result;
      assert.deepEqual(
        file(out, 'model.safetensors'),
        file('counted', 'model.safetensors'),
        `call ${failing}`,
      );
      assert.deepEqual(file(out, 'anamnese.json'), file('counted', 'anamnese.json'));
      const started = events.find((event) => event.type === 'started');
      const saved = first.events.some(({ type }) => type === 'saved');
      if (started?.type === 'started') assert.equal(started.resumedAt !== undefined, saved);
      rmSync(path.join(folder, out), { recursive: true });
    }
  });

  it('loses no checkpoint to a full disk, and says what to do', async () => {
    let states = 0;
    // In the middle of the tensors of the second checkpoint.
    const full = (call: string): void => {
      const saved = events.some(({ type }) => type === 'saved');
      if (call === 'state' && saved && ++states > 60)
        throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    };
    const { result, events } = train(job('full'), full);
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof TrainingError && error.failure === 'disk');
      assert.match(error.message, /the disk is full; free some space and give the same command again/);
      return true;
    });
    const left = readdirSync(path.join(folder, 'full', 'training'));
    assert.equal(left.filter((name) => name.startsWith('checkpoint-')).length, 1, String(left));
    assert.ok(!left.some((name) => name.endsWith('.partial')), 'what was half written is gone');
    await train(job('full')).result;
    assert.deepEqual(file('full', 'model.safetensors'), file('whole', 'model.safetensors'));
  });

  it('finishes again when it was interrupted while finishing', async () => {
    const openClassifier = async (): Promise<never> => {
      throw new Error('killed');
    };
    await assert.rejects(train(job('finishing'), undefined, { openClassifier }).result, /killed/);
    assert.ok(!existsSync(path.join(folder, 'finishing', 'model.safetensors')));
    const { result, events } = train(job('finishing'), assert.fail);
    await result;
    assert.ok(!events.some(({ type }) => type === 'step'));
    assert.deepEqual(file('finishing', 'README.md'), file('whole', 'README.md'));
  });

  it('clears up what a process left that ended after finishing', async () => {
    const names = (): string[] => readdirSync(path.join(folder, 'whole', 'training')).sort();
    const cleared = names();
    const left = [
      'checkpoint-0000004-0000000',
      'best-0000003',
      '.checkpoint-0000003-0000001.partial',
      'result',
    ];
    for (const name of left) {
      const at = path.join(folder, 'whole', 'training', name);
      mkdirSync(at);
      writeFileSync(path.join(at, 'model.safetensors'), '');
    }
    await assert.rejects(train(job('whole')).result, /holds a finished run/);
    assert.deepEqual(names(), cleared);
  });

  it('stops when told, saves, and goes on', async () => {
    const abort = new AbortController();
    let updates = 0;
    const stopAfter = (call: string): void => {
      if (call === 'update' && ++updates === 7) abort.abort();
    };
    const stopped = train(job('stopped'), stopAfter, { signal: abort.signal });
    assert.equal((await stopped.result).reason, 'stopped');
    assert.equal(updates, 7);
    await train(job('stopped')).result;
    assert.deepEqual(file('stopped', 'model.safetensors'), file('whole', 'model.safetensors'));
  });

  it('says that the last bits will differ where a run goes on by another plan', async () => {
    const abort = new AbortController();
    const stop = (call: string): void => (call === 'update' ? abort.abort() : undefined);
    await train(job('replanned'), stop, { signal: abort.signal }).result;
    const same = train(job('replanned', { plan: 'whole-graph' }), stop, { signal: abort.signal });
    await same.result;
    const other = train(job('replanned', { plan: 'layer-by-layer' }));
    await other.result;
    const notices = [same, other].map(({ events }) => events.filter(({ type }) => type === 'notice').length);
    assert.deepEqual(notices, [0, 1]);
    const [notice] = other.events;
    assert.ok(notice?.type === 'notice');
    assert.match(notice.message, /^--plan layer-by-layer: .* by whole-graph so far: the last bits .* differ/);
  });

  it('takes the memory that it is told of, and says where it assumes some', async () => {
    const started = async (out: string, more: Partial<FineTuneJob>) => {
      const asked: (number | undefined)[] = [];
      const createEngine: FineTuneHooks['createEngine'] = async (encoder, options) => {
        asked.push(options.memory);
        return ToyEngine.open(encoder, options);
      };
      const { result, events } = train(job(out, { epochs: 1, ...more }), undefined, { createEngine });
      await result;
      const event = events.find(({ type }) => type === 'started');
      assert.ok(event?.type === 'started');
      return [asked[0], event.assumedMemory] as const;
    };
    assert.deepEqual(await started('memory-cpu', {}), [undefined, undefined]);
    const [asked, assumed] = await started('memory-gpu', { device: 'webgpu' });
    assert.ok(asked === undefined && assumed! > 0 && assumed! <= 8 * 2 ** 30);
    assert.deepEqual(await started('memory-told', { device: 'webgpu', memory: 5e9 }), [5e9, undefined]);
    const planned = await started('memory-plan', { device: 'webgpu', plan: 'whole-graph' });
    assert.deepEqual(planned, [undefined, undefined]);
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
