import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SplitReport } from '../../src/core/split/splitReport';

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

  it('prints the same figures as JSON, and nothing else', () => {
    const { code, out } = anamnese('split', inFolder('notes.jsonl'), '--seed', '4', '--json');
    assert.equal(code, 0);
    const { labels, measures, ...how } = JSON.parse(out) as SplitReport & object;
    assert.deepEqual(how, {
      ...{ method: 'is', seed: 4, ratio: [60, 20, 20], minNotes: 10 },
      parts: [
        { name: 'train', notes: 30, wanted: 30 },
        { name: 'validation', notes: 10, wanted: 10 },
        { name: 'test', notes: 10, wanted: 10 },
      ],
    });
    assert.deepEqual(labels, [
      { label: 'DIS', total: 40, notes: [24, 8, 8], counted: true },
      { label: 'ANA', total: 10, notes: [6, 2, 2], counted: true },
    ]);
    assert.equal(measures.labelDistribution, 0);
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

  it('keeps patients together by a table, and shows what strategies against imbalance make of a part', () => {
    const rows = Array.from({ length: 50 }, (_, i) => `notes.jsonl#${i + 1},patient ${i % 7}\n`);
    writeFileSync(inFolder('patients.csv'), rows.join(''));
    const groups = ['--groups', inFolder('patients.csv')];
    const made = anamnese('split', inFolder('notes.jsonl'), ...groups, '--out', inFolder('s.json'));
    assert.equal(made.code, 0, made.error);
    assert.equal(
      anamnese('split', inFolder('notes.jsonl'), ...groups, '--check', inFolder('s.json')).code,
      0,
    );
    writeFileSync(inFolder('patients.csv'), rows.map((row) => row.replace(/patient \d/, 'one')).join(''));
    const torn = anamnese('split', inFolder('notes.jsonl'), ...groups, '--check', inFolder('s.json'));
    const { parts } = JSON.parse(readFileSync(inFolder('s.json'), 'utf8')) as { parts: { train: string[] } };
    assert.equal(torn.code, 1);
    assert.match(torn.error, /1 groups of notes are in several parts/);
    const shown = anamnese('imbalance', inFolder('notes.jsonl'), '--split', inFolder('s.json'), '--json');
    assert.equal(shown.code, 0, shown.error);
    const found = JSON.parse(shown.out) as {
      notes: number;
      notesPerLabel: Record<string, number>;
      weights: Record<string, Record<string, number>>;
      oversampling: Record<string, { notesAddedPerLabel: Record<string, number>; drawn: string[] }>;
    };
    assert.equal(found.notes, parts.train.length);
    const { ANA, DIS } = found.notesPerLabel;
    assert.equal(found.weights.weighted!.ANA, DIS! / ANA!);
    assert.equal(found.weights['clamped at 1']!.DIS, 1);
    assert.equal(found.weights['power 0.25']!.ANA, (DIS! / ANA!) ** 0.25);
    assert.equal(
      found.oversampling.study!.drawn.length,
      0,
      'notes with one minority label are never candidates',
    );
    const every = found.oversampling['every-minority']!;
    assert.equal(every.notesAddedPerLabel.ANA, every.drawn.length);
    assert.ok(every.drawn.length > 0 && every.drawn.every((key) => parts.train.includes(key)));
    const text = anamnese('imbalance', inFolder('notes.jsonl'), '--split', inFolder('s.json'));
    assert.match(text.out, /^label +notes +weighted +clamped at 1/);
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
