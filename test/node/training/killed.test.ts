import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { toyFolder } from './toyRun';

/** Runs to the end, or until it is killed so many milliseconds after its first step. */
function run(script: string, folder: string, out: string, killAfter?: number): Promise<string> {
  const file = path.join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--import', 'tsx', file, folder, out], {
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
  this.timeout(600_000);
  let folder: string;
  before(() => (folder = toyFolder()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const scripts = [
    ['killedRun.ts', 20, ['model.safetensors', 'anamnese.json', 'README.md']],
    ['killedPretraining.ts', 6, ['model.safetensors', 'config.json', 'README.md']],
  ] as const;
  for (const [script, most, files] of scripts) {
    it(`ends at the same weights as one that is not, however often it is killed: ${script}`, async () => {
      const [whole, killed] = [`whole-${script}`, `killed-${script}`];
      await run(script, folder, whole);
      let kills = 0;
      const finished = (): boolean => existsSync(path.join(folder, killed, 'model.safetensors'));
      for (; kills < most && !finished(); kills++) await run(script, folder, killed, 90 + 47 * kills);
      if (!finished()) await run(script, folder, killed);
      assert.ok(kills >= 3, `killed ${kills} times`);
      for (const name of files) {
        const [a, b] = [killed, whole].map((out) => readFileSync(path.join(folder, out, name)));
        assert.deepEqual(a, b, name);
      }
    });
  }
});
