import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Comparison } from '../../src/core/evaluate/comparison';
import { noteKey } from '../../src/core/split/notes';

const cli = path.resolve(__dirname, '../../dist/cli.js');

function anamnese(...args: string[]): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
}

interface Record {
  text: string;
  annotations: {
    id: string;
    tags: string[];
    semantic_groups: string[];
    start: number;
    end: number;
    text: string;
  }[];
}

/** Notes in the study's own format; a mark is `label:text`, found at its first place. */
function record(text: string, ...marks: string[]): Record {
  return {
    text,
    annotations: marks.map((mark, i) => {
      const [label, surface] = mark.split(':') as [string, string];
      const start = [...text.slice(0, text.indexOf(surface))].length;
      const end = start + [...surface].length;
      return { id: `a${i}`, tags: [label], semantic_groups: [label], start, end, text: surface };
    }),
  };
}

const key = (text: string): string =>
  noteKey(text, (content) => createHash('sha256').update(content, 'utf8').digest('hex'));

const gold = [
  record('😀 Paciente com dor torácica.', 'Disorders:dor torácica', 'Living Beings:Paciente'),
  record('Nega febre. Usa dipirona.', 'Disorders:febre', 'Chemicals & Drugs:dipirona'),
  record('Edema em MMII.', 'Disorders:Edema em MMII', 'Anatomy:MMII'),
];
const found = [
  record(gold[0]!.text, 'Disorders:dor', 'Living Beings:Paciente'),
  record(gold[2]!.text, 'Disorders:Edema em MMII', 'Anatomy:MMII'),
];

describe('anamnese evaluate', function () {
  this.timeout(120_000);
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const write = (name: string, records: readonly Record[]): string => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), records.map((one) => JSON.stringify(one) + '\n').join(''));
    return at(name);
  };
  const metrics = (out: string) => JSON.parse(readFileSync(path.join(out, 'metrics.json'), 'utf8'));
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-evaluate-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('prints what metrics.json holds, where JSON is asked for', () => {
    const files = [write('gold.jsonl', gold), '--predictions', write('found.jsonl', found)];
    const { out } = anamnese('evaluate', ...files, '--out', at('out'), '--rounds', '50', '--json');
    assert.deepEqual(JSON.parse(out), metrics(at('out')));
  });

  it('scores a file of predictions in the text view, and says what was not predicted', () => {
    const args = [
      write('gold.jsonl', gold),
      '--predictions',
      write('found.jsonl', found),
      '--out',
      at('out'),
    ];
    const { code, out, error } = anamnese('evaluate', ...args, '--rounds', '50');
    assert.equal(code, 0, error);
    assert.match(error, /1 note without a prediction/);
    const { views, notes } = metrics(at('out'));
    assert.equal(notes, 3);
    assert.deepEqual(Object.keys(views), ['text']);
    const rate = (count: string): unknown => {
      const { precision, recall, support } = views.text[count].micro;
      return [precision, recall, support];
    };
    assert.deepEqual(rate('entities strict'), [3 / 4, 3 / 6, 6]);
    assert.deepEqual(rate('entities partial'), [3.5 / 4, 3.5 / 6, 6]);
    assert.deepEqual(rate('entities type'), [1, 4 / 6, 6]);
    assert.deepEqual(rate('words'), [1, 6 / 9, 9]);
    assert.match(out, /^text$/m);
    const written = ['metrics.json', 'counts.json', 'curves.json'].map((name) =>
      readFileSync(path.join(at('out'), name), 'utf8'),
    );
    assert.doesNotMatch(written.join(), /dipirona|Paciente/, 'words of a note');
  });

  it('scores predictions in the tokens of a tokenizer too, without what decisions do not have', () => {
    const tokenizer = path.resolve(__dirname, '../../models/anamnese-default');
    const args = [
      write('gold.jsonl', gold),
      '--predictions',
      write('found.jsonl', found),
      '--tokenizer',
      tokenizer,
    ];
    const { code, out, error } = anamnese('evaluate', ...args, '--out', at('out'), '--rounds', '20');
    assert.equal(code, 0, error);
    const { views } = metrics(at('out'));
    assert.deepEqual(Object.keys(views), ['paper protocol', 'honest token', 'text']);
    const paper = views['paper protocol'];
    assert.equal(paper.rows, 3 * 512);
    assert.deepEqual([paper['shared threshold'].micro.precision, paper.rocAuc], [1, undefined]);
    assert.ok(paper['shared threshold'].micro.recall < 1);
    assert.match(paper.thresholdsFrom, /decisions/);
    assert.match(out, /^paper protocol$/m);
  });

  it('keeps the notes of one patient together, by a table of groups', () => {
    writeFileSync(
      at('groups.csv'),
      'note;paciente\ngold.jsonl#1;"p;1"\ngold.jsonl#2;p2\ngold.jsonl#3;"p;1"\n',
    );
    const args = [
      write('gold.jsonl', gold),
      '--predictions',
      write('found.jsonl', found),
      '--groups',
      at('groups.csv'),
    ];
    const { code, error } = anamnese('evaluate', ...args, '--out', at('out'), '--rounds', '20');
    assert.equal(code, 0, error);
    assert.equal(metrics(at('out')).groups, 2);
    const counts = JSON.parse(readFileSync(path.join(at('out'), 'counts.json'), 'utf8')) as {
      groups: string[];
    };
    assert.deepEqual(counts.groups, ['p;1', 'p2', 'p;1']);
    writeFileSync(at('groups.csv'), 'gold.jsonl#1,a\ngold.jsonl#9,b\n');
    const wrong = anamnese('evaluate', ...args, '--out', at('out'), '--rounds', '20');
    assert.equal(wrong.code, 1);
    assert.match(wrong.error, /groups\.csv:2: error: no note is called "gold\.jsonl#9"/);
    assert.match(wrong.error, /groups\.csv: warning: 2 notes of the corpus are not named here/);
  });

  it('scores one part of a split', () => {
    const parts = {
      train: [key(gold[0]!.text)],
      validation: [key(gold[1]!.text)],
      test: [key(gold[2]!.text)],
    };
    const split = {
      format: 'anamnese-split',
      version: 1,
      method: 'random',
      seed: 1,
      ratio: [1, 1, 1],
      minNotes: 0,
    };
    writeFileSync(at('split.json'), JSON.stringify({ ...split, labels: [], parts }));
    const args = [
      write('gold.jsonl', gold),
      '--predictions',
      write('found.jsonl', found),
      '--split',
      at('split.json'),
    ];
    const { code, error } = anamnese('evaluate', ...args, '--out', at('out'), '--rounds', '20');
    assert.equal(code, 0, error);
    const { part, notes, views } = metrics(at('out'));
    assert.deepEqual([part, notes, views.text['entities strict'].micro.f1], ['test', 1, 1]);
    const wrong = anamnese('evaluate', ...args, '--part', 'dev', '--out', at('out'));
    assert.equal(wrong.code, 1);
    assert.match(wrong.error, /no part dev/);
  });

  it('scores a model in all three views, thresholds from the validation part', () => {
    const parts = {
      train: [],
      validation: [key(gold[0]!.text)],
      test: [key(gold[1]!.text), key(gold[2]!.text)],
    };
    const split = {
      format: 'anamnese-split',
      version: 1,
      method: 'random',
      seed: 1,
      ratio: [1, 1, 2],
      minNotes: 0,
    };
    writeFileSync(at('split.json'), JSON.stringify({ ...split, labels: [], parts }));
    const model = path.resolve(__dirname, '../../models/anamnese-default');
    const args = [
      write('gold.jsonl', gold),
      '--model',
      model,
      '--split',
      at('split.json'),
      '--out',
      at('out'),
    ];
    const { code, error } = anamnese('evaluate', ...args, '--rounds', '20');
    assert.equal(code, 0, error);
    const { views, notes } = metrics(at('out'));
    assert.equal(notes, 2);
    assert.deepEqual(Object.keys(views), ['paper protocol', 'honest token', 'text']);
    assert.equal(views['paper protocol'].rows, 2 * 512);
    assert.ok(views['honest token'].rows < 40);
    assert.match(views['honest token'].thresholdsFrom, /^1 validation notes/);
    assert.match(views['paper protocol'].thresholdsFrom, /^the scored notes/);
    assert.match(views.text.thresholdsFrom, /^1 validation notes: the honest token view’s shared threshold/);
    assert.deepEqual(metrics(at('out')).split, {
      file: 'split.json',
      method: 'random',
      seed: 1,
      ratio: [1, 1, 2],
    });
    assert.deepEqual(metrics(at('out')).model, { device: 'cpu', precision: 'int8' });
    const perLabel = anamnese(
      'evaluate',
      ...args,
      '--rounds',
      '20',
      '--text-thresholds',
      'label',
      '--padding',
      'zero',
    );
    assert.equal(perLabel.code, 0, perLabel.error);
    const own = metrics(at('out')).views;
    assert.match(
      own.text.thresholdsFrom,
      /^1 validation notes, per label: Procedures 0\.5, Disorders 0\.\d+,/,
    );
    assert.deepEqual(own['honest token'], views['honest token']);
    const curves = JSON.parse(readFileSync(path.join(at('out'), 'curves.json'), 'utf8'));
    assert.equal(Object.keys(curves.views['paper protocol']).length, 12);
  });

  /** Scores predictions of some of gold's notes; the folder that evaluate wrote. */
  function scored(name: string, records: readonly Record[], of = gold): string {
    const args = [write(`${name}-gold.jsonl`, of), '--predictions', write(`${name}.jsonl`, records)];
    const { code, error } = anamnese('evaluate', ...args, '--out', at(name), '--rounds', '20');
    assert.equal(code, 0, error);
    return at(name);
  }
  const compare = (...args: string[]) => {
    const { code, out, error } = anamnese('compare', '--rounds', '200', '--json', ...args);
    assert.equal(code, 0, error);
    return JSON.parse(out) as Comparison[];
  };

  it('compares two systems on the same notes', () => {
    const compared = compare('--baseline', scored('weak', found), '--system', scored('strong', gold));
    const strict = compared.find(({ name }) => name === 'text, entities strict: micro F1')!;
    assert.ok(Math.abs(strict.difference.value - 0.4) < 1e-12);
    assert.ok(compared.every(({ p, adjustedP }) => p > 0 && adjustedP >= p && adjustedP <= 1));
    assert.ok(
      !compared.some(({ name }) => name === 'text, entities exact: macro F1'),
      'one label has no average',
    );
  });

  it('compares several systems, of one run or several, in the tables and metrics that are asked for', () => {
    const runs = [scored('many/1', found), scored('many/2', gold)];
    const only = ['--only', 'text, words', '--metrics', 'micro F1', 'F1 per label'];
    const compared = compare('--baseline', runs[0]!, '--systems', at('many'), runs[1]!, ...only);
    assert.deepEqual(
      compared.map(({ system, systemRuns }) => [system, systemRuns.runs]),
      [...new Array(5).fill(['many', 2]), ...new Array(5).fill(['2', 1])],
    );
    assert.match(compared[0]!.test, /^multi-bootstrap over unpaired seeds/);
    assert.match(compared[5]!.test, /^approximate randomisation/);
    assert.ok(compared.some(({ name }) => name === 'text, words: F1 of Anatomy'));
    const smallest = Math.min(...compared.map(({ p }) => p));
    assert.ok(
      compared.every(({ adjustedP }) => adjustedP >= Math.min(1, smallest * compared.length) - 1e-12),
    );
  });

  it('compares runs on several splits split by split', () => {
    const parts = [gold.slice(0, 2), gold.slice(1)];
    parts.forEach((part, i) => scored(`a/${i}`, found, part));
    parts.forEach((part, i) => scored(`b/${i}`, gold, part));
    const [first] = compare('--baseline', at('a'), '--system', at('b'), '--only', 'entities strict');
    assert.equal(first!.test, 'corrected resampled t-test over 2 splits');
    assert.ok(first!.difference.low < first!.difference.value && first!.difference.value > 0);
    const torn = anamnese('compare', '--baseline', at('a'), '--system', path.join(at('b'), '0'));
    assert.deepEqual([torn.code, /split by split/.test(torn.error)], [1, true]);
  });

  it('compares runs on splits of which none is common by their means', () => {
    [gold.slice(0, 2), gold.slice(1)].forEach((part, i) => scored(`random/${i}`, found, part));
    [gold.slice(0, 1), gold.slice(1, 2)].forEach((part, i) => scored(`is/${i}`, gold, part));
    const [first] = compare('--baseline', at('random'), '--system', at('is'), '--only', 'entities strict');
    assert.equal(first!.test, 'Welch’s t-test with Nadeau and Bengio’s correction, 2 and 2 different splits');
    assert.ok(first!.difference.low < first!.difference.value && first!.difference.value > 0);
  });

  it('says what is wrong, and that it is an error', () => {
    const goldFile = write('gold.jsonl', gold);
    const both = anamnese('evaluate', goldFile, '--out', at('out'));
    assert.deepEqual(
      [both.code, both.error],
      [1, 'anamnese: --model or --predictions is needed, and not both\n'],
    );
    const none = anamnese('evaluate', at('nothing'), '--predictions', goldFile, '--out', at('out'));
    assert.equal(none.code, 1);
    assert.match(none.error, /no such file or folder/);
    const empty = anamnese('compare', '--baseline', at('a'), '--system', at('b'));
    assert.match(empty.error, /a: cannot be read \(ENOENT\)/);
    writeFileSync(at('counts.json'), '{');
    const broken = anamnese('compare', '--baseline', folder, '--system', folder);
    assert.match(broken.error, /counts\.json: cannot be read/);
  });
});
