import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const cli = path.resolve(__dirname, '../../dist/cli.js');

function anamnese(...args: string[]): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
}

describe('anamnese convert and corpus', function () {
  this.timeout(60_000);
  let folder: string;
  const inFolder = (...parts: string[]): string => path.join(folder, ...parts);
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-corpus-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const record = {
    id: 'n1',
    text: '😀 dor em MMII\r\n',
    label: [
      [2, 13, 'Tipo histológico'],
      [9, 13, 'Anatomy'],
    ],
  };

  it('goes to BRAT and back', () => {
    writeFileSync(inFolder('a.jsonl'), JSON.stringify(record));
    const there = anamnese('convert', inFolder('a.jsonl'), '--to', 'brat', '--out', inFolder('brat'));
    assert.equal(there.code, 0, there.error);
    assert.deepEqual(readdirSync(inFolder('brat')).sort(), [
      'annotation.conf',
      'n1.ann',
      'n1.txt',
      'visual.conf',
    ]);
    assert.equal(readFileSync(inFolder('brat', 'n1.txt'), 'utf8'), record.text);
    const back = anamnese('convert', inFolder('brat'), '--to', 'doccano', '--out', inFolder('back'));
    assert.equal(
      back.error.trim(),
      `anamnese: 1 note with 2 annotations written to ${inFolder('back')} as doccano`,
    );
    assert.deepEqual(JSON.parse(readFileSync(inFolder('back', 'doccano.jsonl'), 'utf8')), record);
    const alone = anamnese('corpus', inFolder('brat', 'n1.ann'), '--json');
    assert.deepEqual(Object.keys((JSON.parse(alone.out) as { labels: object }).labels), [
      'Anatomy',
      'Tipo histológico',
    ]);
  });

  it('says every problem with its place, and fails where something was left out', () => {
    writeFileSync(inFolder('a.jsonl'), `${JSON.stringify(record)}\n{"text"\n`);
    const { code, out, error } = anamnese('corpus', folder);
    assert.equal(code, 1);
    assert.match(out, /^notes +1 {2}1 different texts/);
    assert.match(out, /^ {2}nested +1$/m);
    assert.equal(error, 'anamnese: a.jsonl:2: error: not valid JSON: record left out\n');
  });

  it('says that a file it was given is no corpus, whatever stands beside a corpus unread', () => {
    writeFileSync(inFolder('saida.csv'), 'file,start,end,label,score,text\n');
    const { code, error } = anamnese(
      'convert',
      inFolder('saida.csv'),
      '--to',
      'brat',
      '--out',
      inFolder('out'),
    );
    assert.equal(code, 1);
    assert.match(error, /saida\.csv: error: no corpus file: left out\n/);
  });

  it('refuses a path where nothing is', () => {
    const { code, error } = anamnese('corpus', inFolder('x'));
    assert.deepEqual([code, error], [1, `anamnese: ${inFolder('x')}: no such file or folder\n`]);
  });
});
