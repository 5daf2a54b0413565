import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const cli = path.resolve(__dirname, '../../dist/cli.js');

function anamnese(...args: string[]): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
}

describe('anamnese split', function () {
  this.timeout(60_000);
  let folder: string;
  const inFolder = (name: string): string => path.join(folder, name);
  const record = (i: number) =>
    JSON.stringify({ text: `dor inventada ${i}`, label: i % 5 ? [[0, 3, 'DIS']] : [[4, 9, 'ANA']] });
  const corpus = (count: number): string => Array.from({ length: count }, (_, i) => record(i)).join('\n');
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-split-'));
    writeFileSync(inFolder('notes.jsonl'), corpus(50));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a split that holds for its corpus and for no other', () => {
    const made = anamnese('split', inFolder('notes.jsonl'), '--seed', '4', '--out', inFolder('s.json'));
    assert.equal(made.code, 0, made.error);
    assert.match(made.out, /all +50 100\.0% +30 +60\.0% +10 +20\.0% +10 +20\.0%/);
    assert.match(made.out, /ANA +10 +20\.0% +6 +20\.0% +2 +20\.0% +2 +20\.0%/);
    const again = anamnese('split', inFolder('notes.jsonl'), '--check', inFolder('s.json'));
    assert.deepEqual([again.code, again.out], [0, made.out]);
    writeFileSync(inFolder('notes.jsonl'), corpus(51));
    const other = anamnese('split', inFolder('notes.jsonl'), '--check', inFolder('s.json'));
    assert.equal(other.code, 1);
    assert.match(other.error, /s\.json: error: 1 notes of the corpus are not in the split/);
  });

  it('makes folds, and the same file again with the same seed', () => {
    const make = (name: string): string => {
      const made = anamnese(
        ...['split', inFolder('notes.jsonl'), '--method', 'sois', '--folds', '5', '--out', inFolder(name)],
      );
      assert.equal(made.code, 0, made.error);
      return readFileSync(inFolder(name), 'utf8');
    };
    const first = make('a.json');
    assert.deepEqual(Object.keys((JSON.parse(first) as { parts: object }).parts), [
      ...['fold1', 'fold2', 'fold3', 'fold4', 'fold5'],
    ]);
    assert.equal(make('b.json'), first);
  });

  for (const [args, message] of [
    [['--ratio', '60/0'], /two or more positive numbers/],
    [['--folds', '1'], /a whole number from 2 up/],
    [['--folds', '5', '--ratio', '60/20/20'], /cannot be used with/],
    [['--check', 'missing.json'], /missing\.json/],
  ] as const)
    it(`refuses ${args.join(' ')}`, () => {
      const refused = anamnese('split', inFolder('notes.jsonl'), ...args);
      assert.equal(refused.code, 1);
      assert.match(refused.error, message);
    });
});
