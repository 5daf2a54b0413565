import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NOT_A_FILE } from '../../src/node/regularFile';
import { readCorpusFolder } from '../../src/node/corpusFolder';

describe('readCorpusFolder and pipes, which nobody writes to', function () {
  this.timeout(10_000);
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-pipes-'));
    for (const name of ['a.txt', 'b.jsonl']) assert.equal(spawnSync('mkfifo', [at(name)]).status, 0);
    writeFileSync(at('c.jsonl'), '{"text": "febre", "label": [[0, 5, "DIS"]]}\n');
    writeFileSync(at('a.ann'), 'T1\tDIS 0 5\tfebre\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('passes them by in a folder', async () => {
    const { documents, problems } = await readCorpusFolder(folder);
    assert.equal(documents.length, 1);
    assert.ok(problems.every(({ message }) => message !== NOT_A_FILE));
  });

  for (const [given, pipe] of [
    ['b.jsonl', 'b.jsonl'],
    ['a.ann', 'a.txt'],
  ] as const) {
    it(`says what ${pipe} is where ${given} is given`, async () => {
      const { problems } = await readCorpusFolder(at(given));
      const said = problems.filter(({ message }) => message === NOT_A_FILE);
      assert.deepEqual(said, [{ file: pipe, severity: 'error', message: NOT_A_FILE }]);
    });
  }
});
