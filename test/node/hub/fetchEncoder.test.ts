import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HubError } from '../../../src/core/library/hubError';
import type { HubProblem } from '../../../src/core/library/hubError';
import type { TransferProgress } from '../../../src/core/library/transfer';
import type { HubOptions } from '../../../src/node/hub/connection';
import { connectToHub } from '../../../src/node/hub/connection';
import type { EncoderOrder, FetchedEncoder } from '../../../src/node/hub/fetchEncoder';
import { fetchEncoder } from '../../../src/node/hub/fetchEncoder';
import { loadEncoder } from '../../../src/node/encoder';
import { readLibrary, removeEncoder } from '../../../src/node/library/library';
import { readTransfers } from '../../../src/node/library/transfers';
import { HubServer, repositoryOf } from '../../hub/hubServer';
import type { HubRepository, HubRequest } from '../../hub/hubServer';
import { temporaryFolder } from '../../temporaryFolder';
import { encoderPath } from '../oracleEncoders';
import { toyVocabulary } from '../training/toyNotes';

const ID = 'clinic/toy-bert';
const vocabulary = { 'vocab.txt': toyVocabulary() };
const ofStore = ({ server }: HubRequest): boolean => server === 'store';

/** A fault of the first so many requests that fit. */
function times(
  count: number,
  fits: (request: HubRequest) => boolean,
  fault: NonNullable<ReturnType<HubServer['fault']>>,
): HubServer['fault'] {
  let left = count;
  return (request) => (fits(request) && left-- > 0 ? fault : undefined);
}

describe('fetching an encoder from a hub', () => {
  let server: HubServer;
  let library: string;
  let repository: HubRepository;
  const progress: TransferProgress[] = [];
  const folders = temporaryFolder('library');

  beforeEach(async () => {
    server = await HubServer.start();
    repository = server.publish(ID, { ...repositoryOf(encoderPath('bert'), vocabulary), licence: 'mit' });
    library = mkdtempSync(path.join(folders, 'library-'));
    progress.length = 0;
  });
  afterEach(() => server.stop());

  async function add(order: Partial<EncoderOrder> = {}, options: HubOptions = {}): Promise<FetchedEncoder> {
    const hub = connectToHub({ endpoint: server.endpoint, firstWaitMs: 1, ...options });
    try {
      return await fetchEncoder(hub, { id: ID, ...order }, library, (one) => progress.push(one));
    } finally {
      await hub.close();
    }
  }

  async function fails(
    problem: HubProblem,
    words: RegExp,
    order?: Partial<EncoderOrder>,
    options?: HubOptions,
  ) {
    await assert.rejects(add(order, options), (error: Error) => {
      assert.ok(error instanceof HubError, String(error.stack));
      assert.equal(error.problem, problem, error.message);
      assert.match(error.message, words);
      return true;
    });
    assert.deepEqual(await readLibrary(library), [], 'nothing half fetched is in the library');
  }

  const total = (): number => {
    const { files } = repository;
    return ['config.json', 'model.safetensors', 'vocab.txt'].reduce(
      (sum, name) => sum + files.get(name)!.length,
      0,
    );
  };

  it('brings only what an encoder needs, whole and verified, and the encoder loads', async () => {
    const files = repository.files as Map<string, Buffer>;
    for (const name of [
      'README.md',
      'pytorch_model.bin',
      'tf_model.h5',
      'flax_model.msgpack',
      '.gitattributes',
    ])
      files.set(name, Buffer.from('not wanted'));
    const { folder, commit, fetchedBytes } = await add();
    assert.equal(folder, path.join(library, 'clinic', 'toy-bert'));
    assert.deepEqual(readdirSync(folder).sort(), [
      'anamnese-source.json',
      'config.json',
      'model.safetensors',
      'vocab.txt',
    ]);
    assert.equal(commit, repository.commit);
    assert.equal(fetchedBytes, total());
    assert.equal(server.bytes, total());
    const last = progress.at(-1)!;
    assert.deepEqual([last.doneBytes, last.totalBytes, last.secondsLeft], [total(), total(), 0]);
    const [added] = await readLibrary(library);
    assert.deepEqual(
      [added!.id, added!.licence, added!.commit, added!.problem],
      [ID, 'mit', commit, undefined],
    );
    await (await loadEncoder(folder, { device: 'cpu' })).dispose();
    assert.deepEqual(readdirSync(path.join(library, '.fetching'), { recursive: true }).sort(), [
      'discarded',
      'locks',
    ]);
  });

  it('takes every shard of the weights, and pickled weights where there are no others', async () => {
    for (const name of ['bert-sharded', 'bert-legacy', 'bert-zip-sharded', 'modernbert']) {
      const repository = repositoryOf(encoderPath(name), vocabulary);
      server.publish(`clinic/${name}`, repository);
      const { folder } = await add({ id: `clinic/${name}` });
      const expected = [...repository.files.keys(), 'anamnese-source.json'].sort();
      assert.deepEqual(readdirSync(folder).sort(), expected);
      await (await loadEncoder(folder, { device: 'cpu' })).dispose();
    }
  });

  it('goes on where a connection was cut, within a transfer: every byte is served once', async () => {
    server.fault = times(3, ofStore, { kind: 'cut', after: 20_000 });
    await add();
    assert.equal(server.bytes, total());
    assert.deepEqual(
      server.requests.filter(ofStore).map(({ range }) => range?.replace(/-\d+$/, '')),
      [undefined, 'bytes=20000', 'bytes=40000', 'bytes=60000'],
    );
  });

  it('goes on in a later transfer, at the commit that was begun although the branch has moved', async () => {
    server.fault = (request) =>
      ofStore(request) ? { kind: 'cut', after: request.range ? 0 : 30_000 } : undefined;
    await fails('cut', /cut again and again.*model\.safetensors; what has come is kept/);
    assert.equal(server.served.get('model.safetensors'), 30_000);
    server.fault = () => undefined;
    server.publish(ID, repositoryOf(encoderPath('bert-masked-lm'), vocabulary));
    const { commit, folder, fetchedBytes } = await add();
    assert.equal(commit, repository.commit);
    const weights = repository.files.get('model.safetensors')!;
    assert.deepEqual(readFileSync(path.join(folder, 'model.safetensors')), weights);
    assert.deepEqual([fetchedBytes, server.bytes], [weights.length - 30_000, total()]);
  });

  it('fetches nothing of what is there, and a new commit in place of the old one', async () => {
    await add();
    const before = server.bytes;
    assert.equal((await add()).fetchedBytes, 0);
    assert.equal(server.bytes, before);
    const moved = repositoryOf(encoderPath('bert-masked-lm'), vocabulary);
    server.publish(ID, moved);
    const { commit, folder } = await add();
    assert.equal(commit, moved.commit);
    assert.deepEqual(
      readFileSync(path.join(folder, 'model.safetensors')),
      moved.files.get('model.safetensors'),
    );
    assert.equal((await readLibrary(library)).length, 1);
  });

  it('throws wrong bytes away and says so; the next try brings the right ones', async () => {
    server.fault = times(1, ofStore, { kind: 'wrong' });
    await fails('checksum', /model\.safetensors: what came is not what the hub promises/);
    assert.ok(
      !existsSync(path.join(library, '.fetching', 'clinic--toy-bert', 'model.safetensors.incomplete')),
    );
    const { folder } = await add();
    const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    assert.equal(
      sha256(readFileSync(path.join(folder, 'model.safetensors'))),
      sha256(repository.files.get('model.safetensors')!),
    );
  });

  it('verifies small files as git names them', async () => {
    server.fault = ({ url }) => (url.endsWith('/vocab.txt') ? { kind: 'wrong' } : undefined);
    await fails('checksum', /vocab\.txt/);
  });

  it('does not take the beginning twice from a server that knows no ranges', async () => {
    server.fault = (request) =>
      ofStore(request) ? (request.range ? { kind: 'noRange' } : { kind: 'cut', after: 30_000 }) : undefined;
    await fails('server', /cannot go on with a file that was begun/);
  });

  it('asks again after 429 and 503, as long as the server asks for, and gives up with a clear word', async () => {
    server.fault = times(2, () => true, { kind: 'status', status: 503 });
    await add();
    server.publish('clinic/busy', repository);
    server.fault = times(1, () => true, { kind: 'status', status: 429, headers: { 'Retry-After': '1' } });
    const started = performance.now();
    await add({ id: 'clinic/busy' });
    assert.ok(performance.now() - started >= 990, 'waited the second that was asked for');
  });

  it('gives up on a server that stays busy or broken', async () => {
    server.fault = () => ({ kind: 'status', status: 429 });
    await fails('busy', /too many requests/);
    assert.equal(server.requests.length, 5);
    server.fault = (request) => (ofStore(request) ? { kind: 'status', status: 500 } : undefined);
    await fails('server', /cannot answer \(500\)/);
  });

  it('says what 401, 403 and 404 mean', async () => {
    await fails('denied', /no such model at 127\.0\.0\.1:\d+, or it is private/, { id: 'clinic/nothing' });
    await fails('revision', /no revision v9/, { revision: 'v9' });
    await fails('token', /refuses the token/, { id: 'clinic/nothing' }, { token: 'hf_wrong' });
    const error =
      'Access to model clinic/toy-bert is restricted. You must have access to it and be authenticated';
    server.fault = () => ({ kind: 'status', status: 403, body: { error } });
    await fails('gated', /accept them at http.*clinic\/toy-bert/);
    server.fault = () => ({ kind: 'status', status: 404, body: { error: 'Not Found' } });
    await fails('missing', /no such model/);
  });

  it('says that there is no network, without trying for long', async () => {
    const { endpoint } = server;
    await server.stop();
    server = await HubServer.start();
    await fails('offline', /cannot be reached \(ECONNREFUSED\).*HTTPS_PROXY.*HF_ENDPOINT/, {}, { endpoint });
  });

  it('survives a server that goes away in the middle, and comes back', async () => {
    server.fault = (request) => (ofStore(request) ? { kind: 'cut', after: 10_000 } : undefined);
    const first = add();
    // Seen from here: the store has begun to answer when the whole server goes.
    while (!server.served.has('model.safetensors')) await new Promise((resolve) => setTimeout(resolve, 1));
    await server.stop();
    await assert.rejects(
      first,
      (error: Error) => error instanceof HubError && ['offline', 'cut'].includes(error.problem),
    );
    assert.deepEqual(await readLibrary(library), []);
  });

  it('stops when it is told to, keeps what came, and goes on later', async () => {
    const stop = new AbortController();
    server.fault = times(1, ofStore, { kind: 'stall', after: 40_000 });
    const stopped = add({}, { signal: stop.signal });
    while ((progress.at(-1)?.doneBytes ?? 0) < 40_000) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort();
    await assert.rejects(stopped, { name: 'AbortError' });
    assert.deepEqual(await readLibrary(library), []);
    await add();
    assert.equal(server.bytes, total());
  });

  it('sends the token to the hub alone, not to where large files lie', async () => {
    await add({}, { token: 'hf_secret' });
    const seen = (which: 'hub' | 'store') =>
      new Set(
        server.requests.filter((one) => one.server === which).map(({ authorization }) => authorization),
      );
    assert.deepEqual([...seen('hub')], ['Bearer hf_secret']);
    assert.deepEqual([...seen('store')], [undefined]);
    assert.throws(
      () => connectToHub({ endpoint: 'http://mirror.example', token: 'hf_secret' }),
      /unencrypted/,
    );
    for (const file of readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    ))
      assert.ok(!readFileSync(path.join(library, file), 'utf8').includes('hf_secret'), file);
  });

  it('refuses what is no encoder before its weights have come', async () => {
    const unknown = JSON.stringify({ model_type: 'gpt2', n_layer: 12 });
    server.publish(ID, repositoryOf(encoderPath('bert'), { ...vocabulary, 'config.json': unknown }));
    await fails('unusable', /clinic\/toy-bert: .*config\.json/);
    assert.equal(server.served.get('model.safetensors'), undefined);
    server.publish(ID, repositoryOf(encoderPath('bert')));
    await fails('unusable', /neither tokenizer\.json nor vocab\.txt/);
    assert.ok(!existsSync(path.join(library, '.fetching', 'clinic--toy-bert')));
  });

  it('takes a connection that nothing comes over for cut', async () => {
    server.fault = times(1, ofStore, { kind: 'stall', after: 50_000 });
    await add({}, { silenceMs: 200 });
    assert.equal(server.bytes, total());
  });

  it('lets one process at a time fetch an encoder', async () => {
    server.fault = times(1, ofStore, { kind: 'stall', after: 10 });
    const stop = new AbortController();
    const first = add({}, { signal: stop.signal });
    while (progress.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await fails('lock', /being fetched by another process/);
    await assert.rejects(removeEncoder(library, ID), /is being fetched: stop that first/);
    stop.abort();
    await assert.rejects(first);
    assert.equal((await removeEncoder(library, ID)).id, ID);
    assert.deepEqual(await readTransfers(library), []);
  });
});
