import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strictServer } from '../node/serve/strictServer';
import { temporaryFolder } from '../temporaryFolder';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/cli.js');
const model = path.join(root, 'models/anamnese-default');
const LABELS = 12;

function anamnese(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [cli, ...args], { maxBuffer: 2 ** 26 }, (failure, out, error) =>
      resolve({ code: failure ? Number(failure.code) : 0, out, error }),
    ),
  );
}

interface Line {
  readonly file: string;
  readonly entities: readonly { readonly label: string; readonly text: string; readonly score: number }[];
}
const lines = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('anamnese predict --server', function () {
  this.timeout(180_000);
  const folder = temporaryFolder('served');
  const [notes, repository] = [path.join(folder, 'notas'), path.join(folder, 'models')];

  before(async () => {
    mkdirSync(notes);
    const sentence = 'Paciente com febre e dispneia, em uso de dipirona 1 g, com edema em MMII. ';
    // More rounds than are under way at once, and one note that takes several windows.
    for (let i = 0; i < 170; i++) {
      const text = i === 7 ? sentence.repeat(60) : `${i}: ${sentence.slice(0, 20 + (i % 9) * 6)}`;
      writeFileSync(path.join(notes, `nota-${String(i).padStart(3, '0')}.txt`), text);
    }
    const { code, out, error } = await anamnese(
      'export',
      'triton',
      model,
      '--out',
      repository,
      '--name',
      'c1',
    );
    assert.equal(code, 0, error);
    assert.match(out, /^\S+models.c1\n\ntritonserver --model-repository /);
  });

  it('finds what the same model finds here, note by note, to the last score', async () => {
    const server = await strictServer(repository, 'c1', LABELS, { binary: true, maxBatch: 32, config: {} });
    const how = ['predict', '--format', 'jsonl', '--model', model, notes];
    try {
      const local = await anamnese(...how, '--precision', 'fp32');
      const remote = await anamnese(...how, '--server', server.url, '--model-name', 'c1');
      assert.equal(remote.code, 0, remote.error);
      const [here, there] = [lines(local.out), lines(remote.out)];
      const plain = (all: readonly Line[]): unknown =>
        all.map(({ file, entities }) => ({ file, found: entities.map(({ label, text }) => [label, text]) }));
      assert.deepEqual(plain(there), plain(here));
      const scores = (all: readonly Line[]): number[] =>
        all.flatMap(({ entities }) => entities.map(({ score }) => score));
      const expected = scores(here);
      assert.ok(expected.length > 300);
      // They are written with four digits.
      for (const [i, score] of scores(there).entries())
        assert.ok(Math.abs(score - expected[i]!) < 1.5e-4, `${i}: ${score} and ${expected[i]}`);
    } finally {
      await server.close();
    }
  });

  for (const [what, args, message] of [
    [
      'a host that nobody named',
      ['--server', 'http://192.0.2.1:8000'],
      /^anamnese: http:\/\/192\.0\.2\.1:8000: notes would leave this machine/,
    ],
    [
      'a device besides',
      ['--server', 'http://127.0.0.1:1024', '--device', 'cpu'],
      /cannot be used with option '--device/,
    ],
    [
      'a server that is not there',
      ['--server', 'http://127.0.0.1:1024'],
      /^anamnese: http:\S+: cannot be reached \(ECONNREFUSED\)\n$/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { code, out, error } = await anamnese('predict', '--model', model, ...args, notes);
      assert.equal(code, 1);
      assert.equal(out, '');
      assert.match(error, message);
    });
});
