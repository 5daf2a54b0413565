import assert from 'node:assert/strict';
import { proxySettings } from '../../../src/extension/encoders/proxySettings';

/** The editor's settings `http.*`: what a person wrote, else what is asked for where nothing is. */
function written(values: Readonly<Record<string, unknown>>): Parameters<typeof proxySettings>[0] {
  return { get: <T>(name: string, otherwise: T): T => (name in values ? (values[name] as T) : otherwise) };
}

describe('the editor’s settings of a proxy', () => {
  const proxy = 'http://ana:segredo@proxy.invalid:3128';

  it('are handed on as they are', () => {
    const noProxy = ['localhost', '.hospital.invalid'];
    const http = { proxy, noProxy, proxyAuthorization: 'Bearer x', proxyStrictSSL: false };
    assert.deepEqual(proxySettings(written(http)), {
      proxy,
      proxyAuthorization: 'Bearer x',
      noProxy: 'localhost,.hospital.invalid',
      strictTls: false,
    });
  });

  it('say nothing where they are as the editor has them', () => {
    const usual = { proxy: '', noProxy: [], proxyAuthorization: null, proxyStrictSSL: true };
    assert.deepEqual(proxySettings(written({ ...usual, proxySupport: 'override' })), {});
    assert.deepEqual(proxySettings(written({})), {});
  });

  it('name no proxy, and authorize at none, where proxies are switched off', () => {
    const off = { proxySupport: 'off', proxy, proxyAuthorization: 'Bearer x' };
    assert.deepEqual(proxySettings(written(off)), {});
  });
});
