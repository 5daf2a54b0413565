import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { planProgress } from '../../../src/node/experiments/runPlan';
import { toyFolder } from '../training/toyRun';
import { carriedOut, results, runsIn, toyRequest } from './toyPlan';

const script = path.join(import.meta.dirname, 'killedPlan.ts');

/** Carries out a plan in another process, to the end or until it is killed so many milliseconds after it set out. */
function run(plan: string, killAfter?: number): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, plan], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (killAfter !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve) => child.on('close', () => (clearTimeout(timer), resolve(text))));
}

describe('a plan whose process is killed with SIGKILL', function () {
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = toyFolder(24)));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with the same bytes as one that is not, and computes no finished run again', async () => {
    const [whole, killed] = [path.join(folder, 'whole'), path.join(folder, 'killed')];
    await createPlan(whole, toyRequest(folder));
    await carriedOut(whole);
    await createPlan(killed, toyRequest(folder));
    const records = new Map<string, string>();
    let kills = 0;
    const left = async (): Promise<number> => (await planProgress(killed)).left.length;
    for (; kills < 16 && (await left()) > 0; kills++) {
      await run(killed, 80 + 61 * (kills % 12));
      for (const [id, record] of records)
        assert.equal(readFileSync(path.join(killed, 'runs', id, 'record.json'), 'utf8'), record, id);
      const { left: open } = await planProgress(killed);
      for (const id of runsIn(killed).filter((one) => !open.includes(one)))
        records.set(id, readFileSync(path.join(killed, 'runs', id, 'record.json'), 'utf8'));
    }
    if ((await left()) > 0) await run(killed);
    assert.ok(kills >= 4, `killed ${kills} times`);
    assert.deepEqual(runsIn(killed), runsIn(whole));
    for (const id of runsIn(whole)) assert.deepEqual(results(killed, id), results(whole, id), id);
  });

  it('does no run twice when two processes carry it out at once', async () => {
    const plan = path.join(folder, 'shared');
    await createPlan(plan, toyRequest(folder, { seeds: [1, 2, 3] }));
    const told = await Promise.all([run(plan), run(plan)]);
    const finished = told.flatMap((text) => text.match(/^runFinished .*$/gm) ?? []);
    assert.equal(finished.length, 6, told.join('\n--\n'));
    assert.equal(new Set(finished).size, 6);
    assert.ok(
      told.every((text) => /^runFinished /m.test(text)),
      'both had their share',
    );
    assert.deepEqual((await planProgress(plan)).left, []);
  });
});
