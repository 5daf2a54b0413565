import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PlanRequest } from '../../../src/node/experiments/createPlan';
import { SNAPSHOT } from '../../../src/node/experiments/corpusSnapshot';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { readPlan } from '../../../src/node/experiments/planFolder';
import { toyFolder } from '../training/toyRun';
import { toyRequest } from './toyPlan';

describe('createPlan', () => {
  let folder: string;
  beforeEach(() => (folder = toyFolder(12)));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const create = (more: Partial<PlanRequest> = {}) =>
    createPlan(path.join(folder, 'plans', 'first'), toyRequest(folder, more));

  it('writes every combination, seed by seed, with paths that hold wherever the folders go together', async () => {
    const { plan, added } = await create({ strategies: ['random', 'is'], schemes: ['IO', 'BIO'] });
    assert.deepEqual(plan, await readPlan(path.join(folder, 'plans', 'first')));
    const [io, bio] = [
      ['random-io', 'is-io'],
      ['random-bio', 'is-bio'],
    ] as const;
    const expected = [1, 2].flatMap((seed) => [...io, ...bio].map((what) => `encoder-${what}-${seed}`));
    assert.deepEqual(added, expected);
    assert.equal(plan.corpus.path, '../../notes.jsonl');
    assert.equal(plan.encoders[0]!.path, '../../encoder');
    assert.equal(plan.name, 'first');
    assert.equal(plan.keepModels, 'best');
  });

  it('adds what is new behind what is there, and changes nothing where nothing is', async () => {
    const first = await create();
    const again = await create();
    assert.deepEqual(again.added, []);
    assert.deepEqual(again.plan, first.plan);
    const more = await create({ seeds: [1, 2, 3], strategies: ['random', 'weighted'], training: undefined });
    const added = [
      'encoder-weighted-io-1',
      'encoder-weighted-io-2',
      'encoder-random-io-3',
      'encoder-weighted-io-3',
    ];
    assert.deepEqual(more.added, added);
    assert.deepEqual(more.plan.runs.slice(0, 4), first.plan.runs);
    assert.deepEqual(more.plan.training, first.plan.training);
    assert.equal((await create({ keepModels: 'none' })).plan.keepModels, 'none');
  });

  it('knows an encoder by what it is, and tells two of one name apart', async () => {
    cpSync(path.join(folder, 'encoder'), path.join(folder, 'copy', 'encoder'), { recursive: true });
    const other = path.join(folder, 'other', 'Encoder');
    cpSync(path.join(folder, 'encoder'), other, { recursive: true });
    writeFileSync(
      path.join(other, 'vocab.txt'),
      readFileSync(path.join(other, 'vocab.txt'), 'utf8') + 'dor\n',
    );
    await create();
    const moved = await create({ encoders: [path.join(folder, 'copy', 'encoder')] });
    assert.deepEqual(moved.added, []);
    assert.equal(moved.plan.encoders[0]!.path, '../../copy/encoder');
    const { plan } = await create({ encoders: [other] });
    assert.deepEqual(
      plan.encoders.map(({ name }) => name),
      ['encoder', 'encoder-2'],
    );
    assert.equal(plan.runs.at(-1)!.id, 'encoder-2-oversampling-io-2');
  });

  it('plans the scoring of encoders, once where the seed decides nothing', async () => {
    const encoder = path.join(folder, 'encoder');
    const evaluations = (['test', 'own', 'all'] as const).map((notes) => ({ encoder, notes, seeds: [1, 2] }));
    const { added } = await create({ encoders: [], evaluations });
    assert.deepEqual(added, [
      'encoder-evaluated-test-1',
      'encoder-evaluated-test-2',
      'encoder-evaluated-own-1',
      'encoder-evaluated-all-1',
    ]);
  });

  it('keeps the values of settings, and refuses others as well as values that no encoder of the plan takes', async () => {
    const settings = { warmUp: 0.2, patience: null, optimiser: { layerDecay: 0.9 } };
    await create({ training: { settings } });
    assert.deepEqual((await readPlan(path.join(folder, 'plans', 'first'))).training, {
      preset: 'default',
      settings,
    });
    await create({ training: { settings: { ...settings } }, seeds: [3] });
    const other = create({ training: { settings: { ...settings, warmUp: 0.3 } } });
    await assert.rejects(other, /trains otherwise \(settings was \{"warmUp":0\.2,.* is \{"warmUp":0\.3/);
    const impossible = createPlan(
      path.join(folder, 'plans', 'second'),
      toyRequest(folder, { training: { settings: { dropout: { embeddings: 0.5 } } } }),
    );
    await assert.rejects(impossible, /^TrainingError: dropout\.embeddings: 0\.5, but a BERT drops/);
    assert.ok(!existsSync(path.join(folder, 'plans', 'second', 'plan.json')));
  });

  it('keeps both when two processes add at once', async () => {
    await create();
    await Promise.all([create({ strategies: ['is'] }), create({ strategies: ['clamped'] })]);
    const { runs } = await readPlan(path.join(folder, 'plans', 'first'));
    assert.equal(new Set(runs.map(({ id }) => id)).size, 8);
  });

  const plan = (): string => path.join(folder, 'plans', 'first', 'plan.json');
  for (const [what, spoil, more, message] of [
    [
      'a corpus that is not there',
      () => undefined,
      { corpus: '/nowhere' },
      /^Error: \/nowhere: no such file/,
    ],
    [
      'an encoder that is not there',
      () => undefined,
      { encoders: ['/nowhere'] },
      /\/nowhere.*config\.json: is missing/,
    ],
    [
      'nothing to run',
      () => undefined,
      { strategies: [] },
      /nothing to run: encoders, strategies, schemes and seeds/,
    ],
    [
      'other settings than the plan has',
      () => undefined,
      { training: { preset: 'default', settings: { checkpointSteps: 19 }, epochs: 5 } },
      /plan\.json: trains otherwise \(epochs was 2, is 5; learningRate was 0\.01, is the preset’s/,
    ],
    [
      'another padding than the plan has',
      () => undefined,
      { padding: 'computed' },
      /scores with the padding zero/,
    ],
    [
      'a corpus that has changed since a plan that kept none of it',
      () => {
        rmSync(path.join(folder, 'plans', 'first', SNAPSHOT));
        writeFileSync(path.join(folder, 'notes.jsonl'), '{"text":"febre","label":[[0,5,"Disorders"]]}\n');
      },
      {},
      /plan\.json: is a plan of other notes than .*notes\.jsonl holds now/,
    ],
    [
      'an encoder that has changed since',
      () => writeFileSync(path.join(folder, 'encoder', 'vocab.txt'), 'outro\n', { flag: 'a' }),
      {},
      /encoder: this encoder has changed since .*plan\.json was made/,
    ],
    [
      'a plan that is damaged',
      () => writeFileSync(plan(), '{"format":'),
      {},
      /plan\.json: damaged: not JSON/,
    ],
    [
      'a plan of something else',
      () => writeFileSync(plan(), JSON.stringify({ format: 'anamnese-plan', version: 1 })),
      {},
      /plan\.json: \/name: /,
    ],
  ] as [string, () => void, Partial<PlanRequest>, RegExp][])
    it(`refuses ${what}, and leaves the plan as it was`, async () => {
      await create();
      spoil();
      const before = readFileSync(plan(), 'utf8');
      await assert.rejects(create(more), message);
      assert.equal(readFileSync(plan(), 'utf8'), before);
      assert.ok(!existsSync(path.join(folder, 'plans', 'first', 'runs')));
    });
});
