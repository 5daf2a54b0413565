import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** Too little for the activations of eight long notes, enough for everything before. */
const KILOBYTES = 2_500_000;

describe('anamnese train where memory is short', function () {
  this.timeout(300_000);
  if (process.platform !== 'linux') {
    it.skip('left out: only Linux limits the memory of a process');
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-memory-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with advice, not with what the runtime says', () => {
    const words = 'paciente com febre e dispneia em uso de dipirona '.repeat(60);
    const note = (i: number) =>
      JSON.stringify({ text: `nota ${i} ${words}`, label: [[7, 15, 'Living Beings']] });
    writeFileSync(
      path.join(folder, 'notes.jsonl'),
      Array.from({ length: 20 }, (_, i) => note(10 + i)).join('\n'),
    );
    const encoder = path.join(root, 'models', 'anamnese-default');
    const train = ['train', 'notes.jsonl', '--encoder', encoder, '--out', 'model', '--epochs', '1'];
    const command = [process.execPath, path.join(root, 'dist', 'cli.js'), ...train, '--batch', '8'];
    const quoted = [...command, '--plan', 'whole-graph'].map((word) => `'${word}'`).join(' ');
    const limited = `ulimit -v ${KILOBYTES}; exec ${quoted}`;
    const { status, stderr } = spawnSync('/bin/sh', ['-c', limited], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 1, stderr);
    assert.match(
      stderr,
      /^anamnese: (the training process was ended .*; most likely )?memory ran out: give a smaller --batch/m,
    );
  });
});
