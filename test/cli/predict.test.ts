import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encoderPath } from '../node/oracleEncoders';
import { toyVocabulary } from '../node/training/toyNotes';

const cli = path.resolve(__dirname, '../../dist/cli.js');

function anamnese(...args: string[]): { code: number | null; out: string; error: string } {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  delete env.FORCE_COLOR;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  });
  return { code: status, out: stdout, error: stderr };
}

interface Line {
  file: string;
  model: string;
  entities: { start: number; end: number; label: string; score: number; text: string }[];
}

describe('anamnese predict', function () {
  this.timeout(120_000);
  let folder: string;
  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes a line of JSON a file, in code points of the file’s own text', () => {
    const text = '😀 Pcte com dispne\u0301ia.\r\nNega dor em MMII ½\r\n';
    write('a.txt', text);
    write('sub/b.TXT', 'Paciente com febre e tosse.');
    const { code, out, error } = anamnese('predict', '--format', 'jsonl', folder);
    assert.equal(code, 0, error);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    assert.deepEqual(
      lines.map(({ file }) => path.relative(folder, file)),
      ['a.txt', path.join('sub', 'b.TXT')],
    );
    const points = [...text];
    assert.ok(lines[0]!.entities.length > 0);
    for (const entity of lines[0]!.entities) {
      assert.equal(points.slice(entity.start, entity.end).join(''), entity.text);
      assert.ok(entity.score > 0 && entity.score <= 1);
    }
  });

  it('prints the note with its entities and confidences', () => {
    const { code, out } = anamnese('predict', write('nota.txt', 'Paciente com febre.'));
    assert.equal(code, 0);
    assert.match(out, /\[febre\]DIS/);
    assert.match(out, /Disorders +[▰▱]{10} [01]\.\d\d {2}febre/);
  });

  it('writes BRAT, CSV and text into a folder', () => {
    write('notas/um.txt', 'Paciente com febre.');
    write('notas/sub/um.txt', 'Edema em MMII.');
    const out = path.join(folder, 'out');
    for (const format of ['brat', 'csv', 'text', 'jsonl']) {
      const {
        code,
        out: printed,
        error,
      } = anamnese('predict', '--format', format, '--out', out, path.join(folder, 'notas'));
      assert.equal(code, 0, error);
      assert.equal(printed, '');
      assert.match(error, /^anamnese: 2 notes with \d+ entit(y|ies) written to \S+out as \w+\n$/);
      assert.ok(error.endsWith(` as ${format}\n`));
    }
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).sort();
    const expected = [
      'entities.csv',
      'entities.txt',
      'predictions.jsonl',
      'sub',
      'sub/um.ann',
      'sub/um.txt',
      'um.ann',
      'um.txt',
    ];
    assert.deepEqual(files, expected.map(path.normalize));
    const ann = readFileSync(path.join(out, 'um.ann'), 'utf8');
    const [, start, end, words] = /^T1\t\S+ (\d+) (\d+)\t(.*)$/m.exec(ann)!;
    assert.equal('Paciente com febre.'.slice(Number(start), Number(end)), words);
  });

  it('colours what a terminal shows, and no file', () => {
    const note = write('nota.txt', 'Paciente com febre.');
    const coloured = (...args: string[]): string => {
      const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '1' };
      delete env.NO_COLOR;
      return spawnSync(process.execPath, [cli, 'predict', ...args], { encoding: 'utf8', env }).stdout;
    };
    assert.match(coloured(note), /\u001b\[/);
    coloured('--out', path.join(folder, 'out'), note);
    const file = readFileSync(path.join(folder, 'out', 'entities.txt'), 'utf8');
    assert.match(file, /\[febre\]DIS/);
    assert.doesNotMatch(file, /(?![\n])\p{Cc}/u);
  });

  it('shows a terminal its progress on standard error, and keeps standard output pure', function () {
    // As util-linux has it: a command with a terminal of its own.
    if (process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0) this.skip();
    write('notas/a.txt', 'Paciente com febre.');
    write('notas/b.txt', Uint8Array.from([0, 1, 2]));
    const command = `'${process.execPath}' '${cli}' predict --format jsonl notas > saida.jsonl`;
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', cwd: folder });
    assert.match(stdout, /\r\u001b\[K▰+ {2}predicts note 2 of 2 {2}\S+ notes\/s {2}0 s left\r\u001b\[K/);
    assert.match(stdout, /\r\u001b\[Kanamnese: \S+b\.txt: not a text file\r?\n/);
    const printed = readFileSync(path.join(folder, 'saida.jsonl'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      printed.map((line) => (JSON.parse(line) as Line).file),
      [path.join('notas', 'a.txt')],
    );
  });

  it('finds fewer entities with a higher threshold', () => {
    const note = write(
      'nota.txt',
      'Paciente com febre, tosse produtiva, edema em MMII, em uso de dipirona 1g 6/6h.',
    );
    const count = (threshold: string): number => {
      const { out } = anamnese('predict', '--format', 'jsonl', '--threshold', threshold, note);
      return (JSON.parse(out) as Line).entities.length;
    };
    assert.equal(count('1'), 0);
    assert.ok(count('0.5') > 0);
  });

  it('says in one line what is wrong, goes on with the rest, and ends with an error', () => {
    const good = write('boa.txt', 'Paciente com febre.');
    const binary = write('bin.txt', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
    const { code, out, error } = anamnese(
      'predict',
      '--format',
      'jsonl',
      binary,
      good,
      path.join(folder, 'nada.txt'),
    );
    assert.equal(code, 1);
    assert.equal(out.trim().split('\n').length, 1);
    const lines = error.trim().split('\n').sort();
    assert.match(lines.join('\n'), /bin\.txt: not a text file/);
    assert.match(lines.join('\n'), /nada\.txt: no such file or folder/);
    assert.equal(lines.length, 2);
  });

  it('reads Latin-1 and says so; an empty file has no entities', () => {
    const latin = write(
      'latin.txt',
      Uint8Array.from([...'Dispn'].map((c) => c.charCodeAt(0)).concat(0xe9, 0x69, 0x61)),
    );
    const { code, out, error } = anamnese('predict', '--format', 'jsonl', latin, write('vazia.txt', ''));
    assert.equal(code, 0);
    assert.match(error, /latin\.txt: not UTF-8, read as Windows-1252/);
    const [first, second] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    assert.ok(first!.entities.some(({ text }) => text === 'Dispnéia'));
    assert.deepEqual(second!.entities, []);
  });

  it('walks folders to their end: folders named like notes, links that lead back, links to nothing', () => {
    write('notas/pasta.txt/a.txt', 'Paciente com febre.');
    write('notas/sub/b.txt', 'Paciente com tosse.');
    symlinkSync('..', path.join(folder, 'notas/sub/acima'), 'dir');
    symlinkSync('nada', path.join(folder, 'notas/quebrado.txt'));
    const { code, out, error } = anamnese('predict', '--format', 'jsonl', path.join(folder, 'notas'));
    assert.equal(out.trim().split('\n').length, 2);
    assert.match(error, /^anamnese: \S+quebrado\.txt: cannot be read \(ENOENT\)\n$/);
    assert.equal(code, 1);
  });

  it('takes no pipe for a note, in a folder or by name, and waits for none', function () {
    if (process.platform === 'win32') this.skip();
    write('notas/a.txt', 'Paciente com febre.');
    const pipe = path.join(folder, 'notas', 'cano.txt');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    const walked = anamnese('predict', '--format', 'jsonl', path.join(folder, 'notas'));
    assert.deepEqual([walked.code, walked.error, walked.out.trim().split('\n').length], [0, '', 1]);
    const named = anamnese('predict', '--format', 'jsonl', pipe);
    assert.match(named.error, /^anamnese: \S+cano\.txt: a pipe, a socket or a device, .* is needed\n$/);
    assert.equal(named.code, 1);
  });

  it('never writes over a note', () => {
    const bytes = Uint8Array.from([...'Dispn'].map((c) => c.charCodeAt(0)).concat(0xe9, 0x69, 0x61));
    const latin = write('notas/latin.txt', bytes);
    write('notas/utf8.txt', 'Paciente com febre.');
    const notes = path.join(folder, 'notas');
    const { code, error } = anamnese('predict', '--format', 'brat', '--out', notes, notes);
    assert.equal(code, 1);
    assert.match(error, /latin\.txt is there already and differs: choose another folder for --out\n/);
    assert.deepEqual(Uint8Array.from(readFileSync(latin)), bytes);
    assert.deepEqual(readdirSync(notes).sort(), ['latin.txt', 'utf8.ann', 'utf8.txt']);
  });

  it('refuses a file where a folder is needed, before it predicts', () => {
    const file = write('ficheiro', '');
    const note = write('nota.txt', 'Paciente com febre.');
    for (const format of ['brat', 'jsonl']) {
      const { code, error } = anamnese('predict', '--format', format, '--out', file, note);
      assert.equal(code, 1);
      assert.match(error, /^anamnese: \S+ficheiro: this folder cannot be made \(\w+\)\n$/);
    }
  });

  it('shows a terminal nothing that would move its cursor', () => {
    const { out } = anamnese('predict', write('nota.txt', 'Febre.\rTosse \u001b[2J seca.'));
    assert.match(out, /\[Febre\]DIS\.\n\[?Tosse/);
    assert.doesNotMatch(out, /(?![\n])\p{Cc}/u);
  });

  for (const [device, says] of [
    ['/dev/full', /^anamnese: standard output: cannot be written \(ENOSPC\)\n$/],
    ['a closed pipe', /^$/],
  ] as const) {
    it(`ends without a stack trace where its output is ${device}`, function () {
      if (process.platform !== 'linux') this.skip();
      const file = write('nota.txt', 'Paciente com febre. '.repeat(20));
      const command = `exec "$0" "$1" predict --format jsonl ${Array(300).fill(file).join(' ')}`;
      const shell =
        device === '/dev/full' ? `${command} > /dev/full` : `set -o pipefail; (${command}) | head -c 1`;
      const { status, stderr } = spawnSync('bash', ['-c', shell, process.execPath, cli], {
        encoding: 'utf8',
      });
      assert.match(stderr, says);
      assert.notEqual(status, 0);
    });
  }

  for (const [name, args, message] of [
    ['a model that is not there', ['--model', 'nowhere'], /nowhere/],
    ['a threshold that is none', ['--threshold', '2'], /from 0 to 1/],
    ['an unknown format', ['--format', 'xml'], /text, jsonl, brat, csv/],
    ['a device that is none', ['--device', 'abacus'], /auto, cpu/],
    [
      'a misspelt option',
      ['--thresold', '0.4'],
      /unknown option '--thresold' \(Did you mean --threshold\?\)/,
    ],
    ['an option without its value', ['--out'], /argument missing/],
  ] as const) {
    it(`refuses ${name} with one clear line`, () => {
      const { code, out, error } = anamnese('predict', write('nota.txt', 'febre'), ...args);
      assert.notEqual(code, 0);
      assert.equal(out, '');
      assert.match(error, message);
      assert.match(error, /^anamnese: .+\n$/);
    });
  }

  it('falls back to the CPU where a device does not work, and says so', () => {
    const { code, out, error } = anamnese(
      'predict',
      '--device',
      'cuda',
      write('nota.txt', 'Paciente com febre.'),
    );
    assert.equal(code, 0);
    assert.match(out, /\[febre\]DIS/);
    if (error) assert.match(error, /"cuda" failed, so the encoder runs on the CPU/);
  });

  it('says once where a tokenizer may lower-case words that its encoder has with capitals', () => {
    const model = path.join(folder, 'cased');
    cpSync(encoderPath('bert'), model, { recursive: true });
    const capitals = Array.from(
      { length: 120 },
      (_, i) => `Dor${'abcdefghij'[i % 10]}${'klmnopqrstuv'[i % 12]}`,
    );
    write('cased/vocab.txt', `${toyVocabulary()}\n${capitals.join('\n')}\n`);
    const notes = [write('a.txt', 'pressão arterial'), write('b.txt', 'dor')];
    const doubted = anamnese('predict', '--model', model, ...notes);
    assert.equal(doubted.code, 0, doubted.error);
    assert.match(doubted.error, /^anamnese: cased: vocab\.txt has capitalised words.*do_lower_case/);
    assert.equal(doubted.error.trimEnd().split('\n').length, 1);
    write('cased/tokenizer_config.json', '{"do_lower_case": true}');
    assert.equal(anamnese('predict', '--model', model, ...notes).error, '');
  });
});
