import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { toyFolder } from './toyRun';

const script = path.join(import.meta.dirname, 'killedRun.ts');

/** Runs to the end, or until it is killed so many milliseconds after its first step. */
function run(folder: string, out: string, killAfter?: number): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, out], {
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

describe('a run that is killed with SIGKILL', function () {
  this.timeout(180_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends at the same weights as one that is not, however often it is killed', async () => {
    await run(folder, 'whole');
    let kills = 0;
    const finished = (): boolean => existsSync(path.join(folder, 'killed', 'model.safetensors'));
    for (; kills < 20 && !finished(); kills++) await run(folder, 'killed', 90 + 47 * kills);
    if (!finished()) await run(folder, 'killed');
    assert.ok(kills >= 3, `killed ${kills} times`);
    for (const name of ['model.safetensors', 'anamnese.json', 'README.md']) {
      const [killed, whole] = ['killed', 'whole'].map((out) => readFileSync(path.join(folder, out, name)));
      assert.deepEqual(killed, whole, name);
    }
  });
});
