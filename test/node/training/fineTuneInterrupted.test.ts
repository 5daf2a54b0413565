import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FineTuneJob } from '../../../src/core/train/settings/jobs';
import { TrainingError } from '../../../src/core/train/trainingError';
import type { FineTuneHooks } from '../../../src/node/training/fineTune';
import { ToyEngine } from './toyEngine';
import { toyFolder, toyJob, trainToy as train } from './toyRun';

describe('fineTune, interrupted and taken up', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = toyFolder();
    // What every other run here is to be like.
    await train(job('whole')).result;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const job = (out: string, more: Partial<FineTuneJob> = {}): FineTuneJob => toyJob(folder, out, more);
  const file = (out: string, name: string): Buffer => readFileSync(path.join(folder, out, name));

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
});
