import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { HubError } from '../../../src/core/library/hubError';
import { connectToHub } from '../../../src/node/hub/connection';
import { openRepository } from '../../../src/node/hub/repository';
import { HubServer, repositoryOf } from '../../hub/hubServer';
import { encoderPath } from '../oracleEncoders';

/** A proxy that opens tunnels, and remembers to where. */
class Proxy {
  readonly tunnels: string[] = [];
  /** Where every tunnel leads, whatever it was asked for. */
  target = 0;
  refuses = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((_, answer) => answer.writeHead(405).end());

  async start(): Promise<string> {
    this.server.on('connect', (request, client: Socket) => {
      this.tunnels.push(request.url!);
      this.sockets.add(client);
      client.on('error', () => undefined);
      if (this.refuses) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const upstream = connect(this.target, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('a proxy', () => {
  const kept = [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'http_proxy',
    'https_proxy',
    'NO_PROXY',
    'no_proxy',
    'HF_ENDPOINT',
  ];
  const before = kept.map((name) => [name, process.env[name]] as const);
  let hubServer: HubServer;
  let proxy: Proxy;
  let address: string;

  beforeEach(async () => {
    for (const name of kept) Reflect.deleteProperty(process.env, name);
    hubServer = await HubServer.start();
    hubServer.publish('clinic/toy', repositoryOf(encoderPath('bert')));
    proxy = new Proxy();
    address = await proxy.start();
    proxy.target = Number(new URL(hubServer.endpoint).port);
  });
  afterEach(async () => {
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    await proxy.stop();
    await hubServer.stop();
  });

  async function ask(options: Parameters<typeof connectToHub>[0]): Promise<number> {
    const hub = connectToHub({ firstWaitMs: 1, ...options });
    try {
      return (await openRepository(hub, 'clinic/toy', 'main')).files.length;
    } finally {
      await hub.close();
    }
  }

  it('of the environment reaches a host that nothing else could', async () => {
    process.env['HTTP_PROXY'] = address;
    process.env['HF_ENDPOINT'] = 'http://hub.invalid';
    assert.equal(await ask({}), 2);
    assert.deepEqual(new Set(proxy.tunnels), new Set(['hub.invalid:80']));
  });

  it('that is named wins over the environment’s', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    assert.equal(await ask({ endpoint: 'http://hub.invalid', proxy: address }), 2);
    assert.ok(proxy.tunnels.length > 0);
  });

  it('is not used for the hosts of NO_PROXY', async () => {
    process.env['HTTP_PROXY'] = address;
    process.env['NO_PROXY'] = 'localhost,127.0.0.1';
    assert.equal(await ask({ endpoint: hubServer.endpoint }), 2);
    assert.deepEqual(proxy.tunnels, []);
  });

  it('that lets nobody through is named in the message', async () => {
    proxy.refuses = true;
    await assert.rejects(ask({ endpoint: 'http://hub.invalid', proxy: address }), (error: Error) => {
      assert.ok(error instanceof HubError, error.stack);
      assert.equal(error.problem, 'proxy', error.message);
      assert.match(error.message, /lets nothing through to hub\.invalid \(407\): check HTTPS_PROXY/);
      return true;
    });
  });
});
