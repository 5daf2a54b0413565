import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/**
 * Addresses: too few for the activations of four windows of 512 tokens, enough for all before and for short notes.
 * WebAssembly may have none of its memories.
 */
const KILOBYTES = 2_500_000;

describe('anamnese train where memory is short', function () {
  this.timeout(300_000);
  if (process.platform !== 'linux') {
    it.skip('left out: only Linux limits the memory of a process');
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-memory-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** On notes that repeat a sentence so many times. */
  function train(repeated: number) {
    const words = 'paciente com febre e dispneia em uso de dipirona '.repeat(repeated);
    const note = (i: number) =>
      JSON.stringify({ text: `nota ${i} ${words}`, label: [[7, 15, 'Living Beings']] });
    const notes = `${repeated}.jsonl`;
    writeFileSync(path.join(folder, notes), Array.from({ length: 20 }, (_, i) => note(10 + i)).join('\n'));
    const encoder = path.join(root, 'models', 'anamnese-default');
    const job = ['train', notes, '--encoder', encoder, '--out', `model-${repeated}`, '--epochs', '1'];
    const command = [process.execPath, path.join(root, 'dist', 'cli.js'), ...job, '--max-length', '512'];
    const quoted = [...command, '--plan', 'whole-graph'].map((word) => `'${word}'`).join(' ');
    const limited = `ulimit -v ${KILOBYTES}; exec ${quoted}`;
    return spawnSync('/bin/sh', ['-c', limited], { cwd: folder, encoding: 'utf8' });
  }

  it('trains on short notes', () => {
    const { status, stderr } = train(1);
    assert.equal(status, 0, stderr);
  });

  it('ends with advice, not with what the runtime says', () => {
    const { status, stderr } = train(60);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /whole graph|whole-graph/, 'it began');
    assert.match(
      stderr,
      /^anamnese: (the training process was ended .*; most likely )?memory ran out: give a smaller --batch/m,
    );
  });
});
