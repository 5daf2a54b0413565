import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from 'vscode-jsonrpc/node';
import type { TransferProgress } from '../../../src/core/library/transfer';
import type { HubFailure } from '../../../src/protocol/library';
import { addEncoder, addProgress } from '../../../src/protocol/library';
import { HubServer, repositoryOf } from '../../hub/hubServer';
import { Proxy, tlsBefore } from '../../hub/proxy';
import { encoderPath } from '../../node/oracleEncoders';
import { toyVocabulary } from '../../node/training/toyNotes';
import { temporaryFolder } from '../../temporaryFolder';

const ID = 'clinic/toy-bert';

describe('the process that fetches for the editor', () => {
  const root = temporaryFolder('fetcher');
  let server: HubServer;
  let child: ChildProcess;
  let connection: MessageConnection;
  const told: TransferProgress[] = [];

  beforeEach(async () => {
    server = await HubServer.start();
    server.publish(ID, repositoryOf(encoderPath('bert'), { 'vocab.txt': toyVocabulary() }));
    child = fork(path.resolve(import.meta.dirname, '../../../src/worker/fetcher.ts'), [], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    told.length = 0;
    connection.onNotification(addProgress, (progress) => told.push(progress));
    connection.listen();
  });
  afterEach(async () => {
    connection.dispose();
    child.kill('SIGKILL');
    await server.stop();
  });

  it('adds, tells how far it is, and takes the token from the message alone', async () => {
    const token = 'hf_only_in_the_message';
    const order = {
      library: path.join(root, 'a'),
      kind: 'hub' as const,
      id: ID,
      endpoint: server.endpoint,
      token,
    };
    const { folder, fetchedBytes } = await connection.sendRequest(addEncoder, order);
    assert.ok(existsSync(path.join(folder, 'model.safetensors')));
    assert.equal(told.at(-1)!.doneBytes, fetchedBytes);
    assert.equal(told.at(-1)!.totalBytes, fetchedBytes);
    assert.ok(server.requests.some(({ authorization }) => authorization === `Bearer ${token}`));
    for (const list of ['cmdline', 'environ'])
      if (process.platform === 'linux')
        assert.ok(!readFileSync(`/proc/${child.pid}/${list}`, 'utf8').includes(token), list);
  });

  it('goes the way that the message says: through a proxy that demands authorization, not verifying its certificate', async () => {
    const tls = await tlsBefore(Number(new URL(server.endpoint).port));
    const proxy = new Proxy();
    try {
      const order = {
        library: path.join(root, 'd'),
        kind: 'hub' as const,
        id: ID,
        endpoint: 'https://hub.invalid',
        proxy: await proxy.start(),
        // The store of large files has no TLS, and no name.
        noProxy: '127.0.0.1',
        proxyAuthorization: 'Bearer of-the-proxy',
      };
      proxy.target = tls.port;
      proxy.demands = order.proxyAuthorization;
      const refused = (problem: string) => (error: ResponseError<HubFailure>) =>
        error.data?.problem === problem;
      await assert.rejects(connection.sendRequest(addEncoder, order), refused('certificate'));
      const unknown = { ...order, proxyAuthorization: 'Bearer of-a-stranger', strictTls: false };
      await assert.rejects(connection.sendRequest(addEncoder, unknown), refused('proxy'));
      const { folder } = await connection.sendRequest(addEncoder, { ...order, strictTls: false });
      assert.ok(existsSync(path.join(folder, 'model.safetensors')));
      assert.deepEqual(new Set(proxy.tunnels), new Set(['hub.invalid:443']));
    } finally {
      await proxy.stop();
      await tls.stop();
    }
  });

  it('answers a refusal with its parts, so that the editor can word it', async () => {
    const order = {
      library: path.join(root, 'b'),
      kind: 'hub' as const,
      id: 'clinic/none',
      endpoint: server.endpoint,
    };
    await assert.rejects(connection.sendRequest(addEncoder, order), (error: ResponseError<HubFailure>) => {
      assert.deepEqual(error.data, { problem: 'denied', subject: 'clinic/none', reason: '401' });
      return true;
    });
  });

  it('stops within a second when the person cancels', async () => {
    server.fault = ({ server: which }) => (which === 'store' ? { kind: 'stall', after: 1000 } : undefined);
    const cancel = new CancellationTokenSource();
    const order = { library: path.join(root, 'c'), kind: 'hub' as const, id: ID, endpoint: server.endpoint };
    const answer = connection.sendRequest(addEncoder, order, cancel.token);
    while (!server.served.has('model.safetensors')) await new Promise((resolve) => setTimeout(resolve, 5));
    const asked = performance.now();
    cancel.cancel();
    await assert.rejects(answer, /stopped/);
    assert.ok(performance.now() - asked < 1000);
  });
});
