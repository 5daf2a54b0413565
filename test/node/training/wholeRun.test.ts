import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { FineTuneJob } from '../../../src/core/train/settings/jobs';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';
import type { TrainingEngineOptions } from '../../../src/node/training/engineFactory';
import { createTrainingEngine } from '../../../src/node/training/engineFactory';
import { fineTune } from '../../../src/node/training/fineTune';
import { encoderPath } from '../oracleEncoders';
import { toyFolder, toyJob } from './toyRun';

describe('fineTune with the engine itself', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = toyFolder(16);
    cpSync(encoderPath('modernbert'), path.join(folder, 'modernbert'), { recursive: true });
    copyFileSync(path.join(folder, 'encoder', 'vocab.txt'), path.join(folder, 'modernbert', 'vocab.txt'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs to the end, or until a step; with so many bytes of memory at hand. */
  async function train(out: string, more: Partial<FineTuneJob>, stopAt = Infinity, memory = 1e12) {
    const events: RunEvent[] = [];
    const abort = new AbortController();
    let steps = 0;
    let asked: TrainingEngineOptions | undefined;
    const result = await fineTune(toyJob(folder, out, { epochs: 3, threads: 1, ...more }), {
      onEvent(event) {
        events.push(event);
        if (event.type === 'step' && ++steps === stopAt) abort.abort();
      },
      createEngine: (encoder, options) => createTrainingEngine(encoder, (asked = { ...options, memory })),
      signal: abort.signal,
      savingShare: 1,
    });
    return { result, asked: asked!, started: events.find((event) => event.type === 'started')! };
  }
  const bytes = (out: string, name: string) => readFileSync(path.join(folder, out, name));

  for (const [encoder, scheme, plan, batch] of [
    ['encoder', 'IO', 'whole-graph', undefined],
    ['modernbert', 'BIO', 'layer-by-layer', undefined],
    ['encoder', 'BIO', 'layer-by-layer', 4],
    ['modernbert', 'IO', 'whole-graph', 3],
  ] as const)
    it(`ends at the same bytes when it was stopped: ${encoder}, ${plan}, batches by ${batch ? 'notes' : 'tokens'}`, async () => {
      const batches = batch === undefined ? {} : { batch, batchTokens: undefined };
      const more = { encoder: path.join(folder, encoder), scheme, plan, ...batches };
      rmSync(path.join(folder, `${encoder}-whole`), { recursive: true, force: true });
      rmSync(path.join(folder, `${encoder}-stopped`), { recursive: true, force: true });
      const { result, asked } = await train(`${encoder}-whole`, more);
      assert.equal(result.reason, 'epochs');
      assert.equal(asked.textsApart, batch ?? 0);
      assert.equal((await train(`${encoder}-stopped`, more, 5)).result.reason, 'stopped');
      const { started } = await train(`${encoder}-stopped`, more);
      assert.ok(started.type === 'started' && started.resumedAt && started.plan === plan);
      for (const name of ['model.safetensors', 'model.onnx', 'anamnese.json', 'config.json', 'README.md'])
        assert.deepEqual(bytes(`${encoder}-stopped`, name), bytes(`${encoder}-whole`, name), name);
    });

  it('chooses the plan by the memory at hand, says which, and is taken up with it', async () => {
    const first = await train('short', {}, 2, 1e6);
    assert.ok(first.started.type === 'started' && first.started.plan === 'layer-by-layer');
    assert.equal(first.started.device, 'cpu');
    assert.deepEqual(first.asked.plan, { largestBatch: { tokens: 120, length: 32 } });
    const second = await train('short', {}, 2, 1e12);
    assert.ok(second.started.type === 'started' && second.started.plan === 'layer-by-layer');
    assert.equal((await train('short', { plan: 'whole-graph' })).asked.plan, 'whole-graph');
    const ample = await train('ample', {}, 1);
    assert.ok(ample.started.type === 'started' && ample.started.plan === 'whole-graph');
  });

  it('counts on what is computed together, of windows in a row one more', async () => {
    const batches = { batch: 10, batchTokens: undefined };
    const { asked } = await train('apart', batches, 1);
    assert.deepEqual([asked.textsApart, asked.plan], [4, { largestBatch: { tokens: 5 * 32, length: 32 } }]);
    const padded = await train('all-padded', { ...batches, padTo: 32 }, 1);
    assert.equal(padded.asked.textsApart, 0);
    assert.deepEqual(padded.asked.plan, { largestBatch: { tokens: 10 * 32, length: 32 } });
  });

  it('says early what no encoder or device can do', async () => {
    await assert.rejects(
      train('padded', { padTo: 4000 }),
      /^TrainingError: --pad-to 4000: encoder reads \d+ tokens at most$/,
    );
    await assert.rejects(train('cuda', { device: 'cuda' }), /the device cuda predicts but does not train/);
  });
});
