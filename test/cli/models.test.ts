import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PUBLISHED_ENCODERS } from '../../src/core/library/published';
import { HubServer, repositoryOf } from '../hub/hubServer';
import { CERTIFICATE, Proxy, tlsBefore } from '../hub/proxy';
import { encoderPath } from '../node/oracleEncoders';
import { toyVocabulary } from '../node/training/toyNotes';

const cli = path.resolve(__dirname, '../../dist/cli.js');
const ID = 'clinic/toy-bert';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

describe('anamnese models', function () {
  this.timeout(120_000);
  let folder: string;
  let server: HubServer;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-models-'));
    server = await HubServer.start();
    server.publish(ID, {
      ...repositoryOf(encoderPath('bert'), { 'vocab.txt': toyVocabulary() }),
      licence: 'apache-2.0',
    });
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** With a home of its own, and the hub of this test as mirror. */
  function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess {
    const home = path.join(folder, 'home');
    const env = { ...process.env, ANAMNESE_HOME: home, HF_ENDPOINT: server.endpoint, ...more };
    return spawn(process.execPath, [cli, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  function ended(child: ChildProcess): Promise<Ended> {
    let [out, error] = ['', ''];
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (error += text));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })));
  }

  const anamnese = (...args: string[]): Promise<Ended> => ended(start(args));

  it('lists the nine of the study, none of them at hand', async () => {
    const { code, out } = await anamnese('models');
    assert.equal(code, 0);
    const rows = out.trimEnd().split('\n');
    assert.equal(rows.length, 10);
    for (const { id } of PUBLISHED_ENCODERS) assert.match(out, new RegExp(`^${id} +not fetched`, 'm'));
    assert.match(out, /jhu-clsp\/mmBERT-base .*~1\.23 GB +307 M +22 × 768 .*MIT +0\.7646 \/ 0\.7139/);
    assert.match(out, /pucpr\/biobertpt-clin .*WordPiece +not stated +0\.6981 \/ 0\.6489/);
    const { encoders } = JSON.parse((await anamnese('models', '--json')).out) as {
      encoders: { state: string }[];
    };
    assert.deepEqual(
      encoders.map(({ state }) => state),
      Array(9).fill('not fetched'),
    );
  });

  it('adds an encoder from a hub, which other commands then know by name, and removes it', async () => {
    const added = await anamnese('models', 'add', ID);
    assert.equal(added.code, 0, added.error);
    assert.match(added.out, /^added clinic\/toy-bert \(commit [0-9a-f]{12}, [\d.]+ kB fetched\): /);
    const { encoders } = JSON.parse((await anamnese('models', '--json')).out) as {
      encoders: { id: string; state: string; licence: string; folder: string }[];
    };
    const { state, licence, folder: place } = encoders.find(({ id }) => id === ID)!;
    assert.deepEqual([state, licence], ['at hand', 'apache-2.0']);
    writeFileSync(path.join(folder, 'nota.txt'), 'pressão arterial e dor');
    const byName = await anamnese(
      'predict',
      'nota.txt',
      '--model',
      'toy-bert',
      '--format',
      'jsonl',
      '--threshold',
      '0.1',
    );
    const byPath = await anamnese(
      'predict',
      'nota.txt',
      '--model',
      place,
      '--format',
      'jsonl',
      '--threshold',
      '0.1',
    );
    assert.equal(byName.code, 0, byName.error);
    assert.equal(byName.out, byPath.out);
    assert.equal((JSON.parse(byName.out) as { model: string }).model, 'toy-bert');
    // A folder of that name wins.
    mkdirSync(path.join(folder, 'toy-bert'));
    assert.match(
      (await anamnese('predict', 'nota.txt', '--model', 'toy-bert')).error,
      /toy-bert.*config\.json/s,
    );
    rmSync(path.join(folder, 'toy-bert'), { recursive: true });
    assert.match((await anamnese('models', 'remove', 'TOY-BERT')).out, /^removed clinic\/toy-bert/);
    assert.ok(!existsSync(place));
    assert.match((await anamnese('models', 'remove', 'toy-bert')).error, /no encoder of that name was added/);
  });

  it('adds a folder, from which training begins by name', async () => {
    cpSync(encoderPath('bert'), path.join(folder, 'meu-encoder'), { recursive: true });
    writeFileSync(path.join(folder, 'meu-encoder', 'vocab.txt'), toyVocabulary());
    const added = await anamnese('models', 'add', 'meu-encoder');
    assert.equal(added.code, 0, added.error);
    rmSync(path.join(folder, 'meu-encoder'), { recursive: true });
    assert.match((await anamnese('models')).out, /^meu-encoder +at hand/m);
    const note = (text: string): string => JSON.stringify({ text, label: [[0, 4, 'A']] }) + '\n';
    writeFileSync(
      path.join(folder, 'notas.jsonl'),
      Array.from({ length: 10 }, (_, i) => note(`dor ${i} e febre`)).join(''),
    );
    const trained = await anamnese(
      ...['train', 'notas.jsonl', '--encoder', 'meu-encoder', '--out', 'modelo', '--epochs', '1'],
    );
    assert.equal(trained.code, 0, trained.error);
    assert.ok(existsSync(path.join(folder, 'modelo', 'model.safetensors')));
    const planned = await anamnese(
      ...['compare', 'notas.jsonl', '--encoder', 'meu-encoder', '--out', 'plano', '--plan-only'],
    );
    assert.equal(planned.code, 0, planned.error);
    assert.match(
      readFileSync(path.join(folder, 'plano', 'plan.json'), 'utf8'),
      /encoders\/_local\/meu-encoder/,
    );
    const again = await anamnese('models', 'add', 'modelo');
    assert.equal(again.code, 0, again.error);
    assert.match((await anamnese('models', 'add', 'modelo')).error, /was added before: remove it first/);
    const marked = await anamnese('predict', 'notas.jsonl', '--model', 'modelo');
    assert.equal(marked.code, 0, marked.error);
  });

  it('says what to do where a name is nobody’s, or of an encoder that is not here', async () => {
    writeFileSync(path.join(folder, 'nota.txt'), 'dor');
    const missing = await anamnese('predict', 'nota.txt', '--model', 'mmbert-base');
    assert.match(
      missing.error,
      /jhu-clsp\/mmBERT-base is not on this machine yet.*models add jhu-clsp\/mmBERT-base/,
    );
    assert.match(
      (await anamnese('models', 'add', 'no such thing')).error,
      /neither a folder nor an id of a model/,
    );
    assert.match((await anamnese('models', 'add', 'nobody/nothing')).error, /no such model at 127\.0\.0\.1/);
    cpSync(encoderPath('malicious-zip'), path.join(folder, 'bad'), { recursive: true });
    writeFileSync(path.join(folder, 'bad', 'vocab.txt'), toyVocabulary());
    const bad = await anamnese('models', 'add', 'bad');
    assert.equal(bad.code, 1);
    assert.match(bad.error, /bad: .*pytorch_model\.bin/);
  });

  it('goes on after a kill in the middle, and no byte comes twice', async () => {
    server.fault = ({ server: which, range }) =>
      which === 'store' && range === undefined ? { kind: 'stall', after: 50_000 } : undefined;
    const killed = start(['models', 'add', ID]);
    const end = ended(killed);
    const partial = path.join(
      folder,
      'home',
      'encoders',
      '.fetching',
      'clinic--toy-bert',
      'model.safetensors.incomplete',
    );
    while (!existsSync(partial) || readFileSync(partial).length < 50_000)
      await new Promise((resolve) => setTimeout(resolve, 5));
    killed.kill('SIGKILL');
    await end;
    assert.match((await anamnese('models')).out, /^clinic\/toy-bert +begun, 5\d %/m);
    const { code, error } = await anamnese('models', 'add', ID);
    assert.equal(code, 0, error);
    const size = [...repositoryOf(encoderPath('bert'), { 'vocab.txt': toyVocabulary() }).files.values()];
    assert.equal(
      server.bytes,
      size.reduce((sum, bytes) => sum + bytes.length, 0),
    );
    const [source] = readdirSync(path.join(folder, 'home', 'encoders', 'clinic', 'toy-bert'));
    assert.equal(source, 'anamnese-source.json');
  });

  it('stops at a signal with its own exit code', async () => {
    server.fault = ({ server: which }) => (which === 'store' ? { kind: 'stall', after: 10 } : undefined);
    const child = start(['models', 'add', ID, '--json']);
    const end = ended(child);
    while (!server.served.has('model.safetensors')) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    const { code, error } = await end;
    assert.equal(code, 130, error);
    assert.match(error, /stopped; the same command goes on from what has come/);
  });

  it('goes through a proxy that demands a name and password, and trusts the certificates that are named', async () => {
    const tls = await tlsBefore(Number(new URL(server.endpoint).port));
    const proxy = new Proxy();
    try {
      const address = await proxy.start();
      proxy.target = tls.port;
      proxy.demands = `Basic ${Buffer.from('ana:p@ss').toString('base64')}`;
      const env: NodeJS.ProcessEnv = {
        HF_ENDPOINT: 'https://hub.invalid',
        HTTPS_PROXY: address.replace('//', '//ana:p%40ss@'),
        NODE_EXTRA_CA_CERTS: CERTIFICATE,
        NO_PROXY: '',
      };
      for (const name of ['https_proxy', 'http_proxy', 'HTTP_PROXY', 'no_proxy']) env[name] = undefined;
      const add = (more: NodeJS.ProcessEnv): Promise<Ended> =>
        ended(start(['models', 'add', ID], { ...env, ...more }));
      const untrusted = await add({ NODE_EXTRA_CA_CERTS: undefined });
      assert.equal(untrusted.code, 1);
      assert.match(untrusted.error, /hub\.invalid: the certificate .* is not trusted/);
      const mistyped = await add({ HTTPS_PROXY: address.replace('//', '//ana:pass@') });
      assert.match(mistyped.error, /the proxy lets nothing through to hub\.invalid \(407\)/);
      const direct = await add({ NO_PROXY: '.example, hub.invalid' });
      assert.match(direct.error, /hub\.invalid cannot be reached/);
      assert.equal(server.bytes, 0);
      const added = await add({});
      assert.equal(added.code, 0, added.error);
      assert.match(added.out, /^added clinic\/toy-bert/);
      assert.deepEqual(new Set(proxy.tunnels), new Set(['hub.invalid:443']));
    } finally {
      await proxy.stop();
      await tls.stop();
    }
  });
});
