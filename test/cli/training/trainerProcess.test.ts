import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { FineTuneJob } from '../../../src/core/train/settings/jobs';
import type { RunEvent } from '../../../src/core/train/loop/runEvents';
import { trainInProcess } from '../../../src/cli/training/trainerProcess';
import { toyFolder, toyJob } from '../../node/training/toyRun';
import { SOON_MS } from '../../soon';

const program = {
  bundle: path.join(import.meta.dirname, 'blockingTrainer.ts'),
  execArgv: ['--import', 'tsx'],
};

describe('trainInProcess', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Sends a Ctrl-C so many milliseconds after so many steps. */
  async function interrupted(
    out: string,
    seed: number,
    steps: number,
    later: number,
    more: Partial<FineTuneJob> = {},
  ) {
    const events: RunEvent[] = [];
    let asked = 0;
    let sent = false;
    const ending = await trainInProcess(
      toyJob(folder, out, { seed, epochs: 6, ...more }),
      (event) => {
        events.push(event);
        // A run that is taken up may stand behind these steps already.
        if (sent || event.type !== 'step' || event.epoch * event.steps + event.step + 1 < steps) return;
        sent = true;
        setTimeout(() => {
          asked = performance.now();
          process.emit('SIGINT');
        }, later);
      },
      program,
    );
    return { ending, events, took: performance.now() - asked };
  }

  it('trains, telling what it does', async () => {
    const events: RunEvent[] = [];
    const ending = await trainInProcess(toyJob(folder, 'whole'), (event) => events.push(event), program);
    assert.ok(ending.type === 'result' && ending.result.scores.test);
    assert.deepEqual([...new Set(events.map(({ type }) => type))], ['started', 'step', 'epoch', 'saved']);
  });

  it('answers a Ctrl-C within a second by stopping between two steps', async () => {
    const { ending, events, took } = await interrupted('stopped', 3, 14, 0);
    assert.ok(ending.type === 'result' && ending.result.reason === 'stopped');
    assert.ok(took < SOON_MS, `${took} ms`);
    assert.equal(events.at(-1)?.type, 'saved');
  });

  it('saves when it is stopped within a step that takes longer than a stop may', async () => {
    const batches = { batchTokens: 40, accumulate: 4 };
    const { ending, events, took } = await interrupted('within', 5, 13, 100, batches);
    assert.ok(ending.type === 'result' && ending.result.reason === 'stopped', JSON.stringify(ending));
    assert.ok(took < SOON_MS, `${took} ms`);
    const last = events.filter((event) => event.type === 'step').at(-1)!;
    assert.ok(last.epoch * last.steps + last.step + 1 >= 13);
    // Of the step after it only some batches were taken.
    assert.deepEqual(events.at(-1), { type: 'saved', epoch: last.epoch, step: last.step + 1 });
  });

  it('answers within a second while the runtime blocks, and goes on afterwards', async () => {
    const { ending, events, took } = await interrupted('blocked', 4, 12, 200);
    assert.deepEqual(ending, { type: 'killed' });
    assert.ok(took < SOON_MS, `${took} ms`);
    const saved = events.filter((event) => event.type === 'saved').at(-1);
    assert.ok(saved);
    const again = await interrupted('blocked', 4, 12, 200);
    const started = again.events[0];
    assert.ok(started?.type === 'started');
    assert.deepEqual(started.resumedAt, { epoch: saved.epoch, step: saved.step });
  });

  it('gives advice where the system ends the process', async () => {
    await assert.rejects(
      trainInProcess(toyJob(folder, 'memory', { seed: 13 }), () => undefined, program),
      /the training process was ended \(SIGKILL\); most likely memory ran out: give a smaller --batch/,
    );
  });

  it('fails with the run’s own message', async () => {
    const job = toyJob(folder, 'no', { corpus: '/nowhere' });
    await assert.rejects(
      trainInProcess(job, () => undefined, program),
      /^Error: \/nowhere: no such file or folder$/,
    );
  });
});
