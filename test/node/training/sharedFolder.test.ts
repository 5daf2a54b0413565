import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fineTune } from '../../../src/node/training/fineTune';
import { openToy, ToyEngine } from './toyEngine';
import { toyFolder, toyJob } from './toyRun';

describe('a folder that two processes want to train in', function () {
  this.timeout(180_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const weights = (out: string): Buffer => readFileSync(path.join(folder, out, 'model.safetensors'));
  const script = path.join(import.meta.dirname, 'killedRun.ts');
  /** A slow run of the toy in a process of its own. */
  const start = (out: string) =>
    spawn(process.execPath, ['--import', 'tsx', script, folder, out], { stdio: 'pipe' });

  /** The same run in this process. */
  async function train(
    out: string,
    lockPatience?: number,
    onNotice: (message: string) => void = () => undefined,
  ) {
    return await fineTune(toyJob(folder, out), {
      onEvent: (event) => (event.type === 'notice' ? onNotice(event.message) : undefined),
      createEngine: async (encoder, options) => ToyEngine.open(encoder, options),
      openClassifier: openToy,
      lockPatience,
    });
  }

  before(() => train('alone', 0));

  it('is one process’s, and the other ends with a clear line', async () => {
    const other = start('refused');
    await once(other.stdout, 'data');
    await assert.rejects(
      train('refused', 300),
      new RegExp(`refused: another process trains here \\(pid ${other.pid} on .+\\): wait until it ends`),
    );
    assert.deepEqual(await once(other, 'exit'), [0, null]);
    assert.deepEqual(weights('refused'), weights('alone'));
  });

  it('is no worse for two commands at once', async () => {
    const both = [start('both'), start('both')];
    const ends = await Promise.all(
      both.map(async (child) => {
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (more: string) => (said += more));
        child.stdout.resume();
        const [code] = (await once(child, 'close')) as [number | null];
        return { code, said };
      }),
    );
    const [refused, ...others] = ends.filter(({ code }) => code !== 0);
    assert.ok(refused && others.length === 0, JSON.stringify(ends));
    assert.match(refused.said, /both: (holds a finished run|another process trains here)/);
    assert.deepEqual(weights('both'), weights('alone'));
  });

  if (process.platform !== 'win32')
    it('is waited for while a process whose command was killed ends, and then taken up', async () => {
      const orphan = start('orphaned');
      await once(orphan.stdout, 'data');
      // As it would be within a long step.
      orphan.kill('SIGSTOP');
      const notices: string[] = [];
      await train('orphaned', undefined, (message) => {
        notices.push(message);
        orphan.kill('SIGKILL');
      });
      assert.equal(notices.length, 1, String(notices));
      assert.match(notices[0]!, /orphaned: another process trains here \(pid \d+ on .+\): waiting/);
      assert.deepEqual(weights('orphaned'), weights('alone'));
      assert.deepEqual(readdirSync(path.join(folder, 'orphaned', 'training')).sort(), [
        'run.json',
        'split.json',
      ]);
    });

  it('is left to others after a run has failed', async () => {
    await assert.rejects(
      fineTune(toyJob(folder, 'failed'), {
        onEvent: () => undefined,
        createEngine: () => Promise.reject(new Error('no engine')),
      }),
      /no engine/,
    );
    await train('failed', 0);
    assert.deepEqual(weights('failed'), weights('alone'));
  });
});
