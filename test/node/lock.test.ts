import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { acquireLock, isHeld, withLock } from '../../src/node/lock';

describe('the lock of a run', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (): string => path.join(folder, 'locks', 'run.json');
  const left = (holder: { pid: number; host: string }): void => {
    mkdirSync(path.join(folder, 'locks'), { recursive: true });
    writeFileSync(file(), JSON.stringify({ token: 'other', ...holder }));
  };
  /** The number of a process that is no more. */
  const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid;

  it('is one process’s until it is released', async () => {
    const lock = await acquireLock(folder, 'run');
    assert.ok(lock && (await isHeld(folder, 'run')));
    assert.equal(await acquireLock(folder, 'run'), undefined);
    assert.ok(await acquireLock(folder, 'other'));
    await lock.release();
    assert.equal(await isHeld(folder, 'run'), false);
    assert.ok(await acquireLock(folder, 'run'));
  });

  it('of a process that is no more is taken over by exactly one of many', async () => {
    for (let round = 0; round < 20; round++) {
      left({ pid: dead(), host: os.hostname() });
      assert.equal(await isHeld(folder, 'run'), false);
      const locks = await Promise.all(Array.from({ length: 8 }, () => acquireLock(folder, 'run')));
      // A turn may be missed by all, never taken by two.
      const taken = locks.filter((lock) => lock !== undefined);
      assert.ok(taken.length <= 1, `${taken.length} took it over`);
      const own = taken[0] ?? (await acquireLock(folder, 'run'));
      assert.ok(own, 'the next one takes it over');
      await own.release();
      assert.ok(!existsSync(file()));
    }
  });

  if (process.platform === 'linux')
    it('of a process that has ended, though nobody has asked how, is taken over', async () => {
      // The shell becomes another program, which does not know of the shell's child.
      const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: 'pipe' });
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      try {
        while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z'))
          await new Promise((resolve) => setTimeout(resolve, 20));
        process.kill(pid, 0);
        left({ pid, host: os.hostname() });
        assert.ok(await acquireLock(folder, 'run'));
      } finally {
        parent.kill('SIGKILL');
      }
    });

  it('is not taken from a process of another machine while that shows life, and afterwards is', async () => {
    left({ pid: dead(), host: 'elsewhere' });
    assert.equal(await acquireLock(folder, 'run'), undefined);
    const longAgo = new Date(Date.now() - 11 * 60_000);
    utimesSync(file(), longAgo, longAgo);
    assert.ok(await acquireLock(folder, 'run'));
    assert.match(readFileSync(file(), 'utf8'), new RegExp(os.hostname()));
  });

  it('that another has taken over is not removed by the one before', async () => {
    const lock = (await acquireLock(folder, 'run'))!;
    left({ pid: process.pid, host: os.hostname() });
    await lock.release();
    assert.ok(existsSync(file()));
  });

  it('lets work have its turn, one after the other', async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withLock(folder, 'run', work(name))));
    for (let i = 0; i < order.length; i += 2)
      assert.equal(order[i]!.replace('begins', 'ends'), order[i + 1], order.join(', '));
  });
});
