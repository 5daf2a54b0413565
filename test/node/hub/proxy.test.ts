import assert from 'node:assert/strict';
import { HubError } from '../../../src/core/library/hubError';
import { connectToHub } from '../../../src/node/hub/connection';
import { openRepository } from '../../../src/node/hub/repository';
import { HubServer, repositoryOf } from '../../hub/hubServer';
import { Proxy, tlsBefore } from '../../hub/proxy';
import { encoderPath } from '../oracleEncoders';

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

  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  it('that demands it is sent the name and password of its address, as people escape them', async () => {
    proxy.demands = basic('ana:p@ss:1');
    process.env['HTTP_PROXY'] = address.replace('//', '//ana:p%40ss%3A1@');
    assert.equal(await ask({ endpoint: 'http://hub.invalid' }), 2);
    assert.deepEqual(new Set(proxy.authorizations), new Set([proxy.demands]));
  });

  it('that demands it is sent the authorization that is given, and nobody else is', async () => {
    proxy.demands = 'Bearer of-the-proxy';
    const proxyAuthorization = proxy.demands;
    assert.equal(await ask({ endpoint: 'http://hub.invalid', proxy: address, proxyAuthorization }), 2);
    process.env['HTTP_PROXY'] = address;
    assert.equal(await ask({ endpoint: 'http://hub.invalid', proxyAuthorization }), 2);
    assert.ok(hubServer.requests.every(({ authorization }) => authorization === undefined));
    await assert.rejects(ask({ endpoint: 'http://hub.invalid' }), /lets nothing through .*\(407\)/);
  });

  it('whose address is none is a message that tells no password', async () => {
    for (const wrong of ['proxy.invalid:3128', '127.0.0.1:3128', 'http://ana:100%geheim@127.0.0.1:1']) {
      await assert.rejects(ask({ endpoint: 'http://hub.invalid', proxy: wrong }), (error: Error) => {
        assert.ok(error instanceof HubError, error.stack);
        assert.equal(error.problem, 'proxy');
        assert.match(error.message, /the proxy’s address is none: it is written http:\/\/host:port/);
        assert.doesNotMatch(error.message, /geheim/);
        return true;
      });
    }
  });

  it('or a hub whose certificate nobody trusts is refused, unless verifying is switched off', async () => {
    const tls = await tlsBefore(proxy.target);
    const secure = new Proxy(true);
    try {
      const hub = `https://localhost:${tls.port}`;
      proxy.target = secure.target = tls.port;
      const ways = [
        { endpoint: hub },
        { endpoint: 'https://hub.invalid', proxy: address },
        { endpoint: 'https://hub.invalid', proxy: await secure.start() },
      ];
      for (const way of ways) {
        const began = hubServer.requests.length;
        await assert.rejects(ask(way), (error: Error) => {
          assert.ok(error instanceof HubError, error.stack);
          assert.equal(error.problem, 'certificate', error.message);
          assert.match(error.message, /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/);
          return true;
        });
        assert.equal(hubServer.requests.length, began);
        assert.equal(await ask({ ...way, strictTls: false }), 2);
      }
    } finally {
      await secure.stop();
      await tls.stop();
    }
  });
});
