import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeFolder, writeWholeFile } from '../../src/node/wholeFile';

describe('writeWholeFile', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-whole-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('replaces a file, through a link too, and leaves nothing else', async () => {
    writeFileSync(at('a.txt'), 'before');
    symlinkSync(at('a.txt'), at('link.txt'));
    await writeWholeFile(at('link.txt'), 'após');
    assert.equal(readFileSync(at('a.txt'), 'utf8'), 'após');
    assert.deepEqual(readdirSync(folder).sort(), ['a.txt', 'link.txt']);
  });

  it('names a file that cannot be written', async () => {
    await assert.rejects(writeWholeFile(at('none/a.txt'), ''), /none\/a\.txt: cannot be written \(ENOENT\)$/);
  });

  it('leaves the file as it was where the disk takes only a part', function () {
    if (process.platform === 'win32') this.skip();
    writeFileSync(at('a.txt'), 'before');
    // A limit on the size of files does what a full disk does: the first write is cut short, the next one fails.
    const program = `
      import { writeWholeFile } from ${JSON.stringify(path.resolve('src/node/wholeFile.ts'))};
      writeWholeFile(${JSON.stringify(at('a.txt'))}, 'x'.repeat(50_000)).catch((error) => console.log(error.message));`;
    writeFileSync(at('program.ts'), program);
    const command = ['-c', 'ulimit -f 16; exec "$0" --import tsx "$1"', process.execPath, at('program.ts')];
    const { stdout, stderr } = spawnSync('bash', command, { encoding: 'utf8' });
    assert.match(stdout, /a\.txt: cannot be written \(EFBIG\)\n$/, stderr);
    assert.equal(readFileSync(at('a.txt'), 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder).sort(), ['a.txt', 'program.ts']);
  });
});

describe('makeFolder', () => {
  it('makes a folder with those above it, also where it is there', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-whole-'));
    await makeFolder(path.join(folder, 'a', 'b'));
    await makeFolder(path.join(folder, 'a', 'b'));
    assert.deepEqual(readdirSync(path.join(folder, 'a')), ['b']);
    rmSync(folder, { recursive: true });
  });

  it('comes back from a file system that makes no folders', async function () {
    if (process.platform !== 'linux') this.skip();
    await assert.rejects(
      makeFolder('/proc/anamnese'),
      /\/proc\/anamnese: this folder cannot be made \(ENOENT\)$/,
    );
  });
});
