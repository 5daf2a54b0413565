import assert from 'node:assert/strict';
import { allowedHost } from '../../src/cli/consent';

describe('where notes may be sent', () => {
  for (const url of [
    'http://localhost:8000',
    'http://127.0.0.1:8000/base/',
    'http://127.1:11434',
    'http://[::1]:8000',
    'https://LOCALHOST',
  ])
    it(`to this machine without a word: ${url}`, () =>
      assert.equal(allowedHost(url, undefined).href, new URL(url).href));

  it('to the host that is named, with its port or without', () => {
    for (const named of ['gpu.hospital.example', 'GPU.hospital.example:8000'])
      assert.equal(allowedHost('http://gpu.hospital.example:8000', named).port, '8000');
  });

  for (const [url, named, message] of [
    [
      'http://gpu.example:8000',
      undefined,
      /^Error: http:\/\/gpu\.example:8000: notes would leave this machine; .*--send-notes-to gpu\.example$/,
    ],
    ['http://gpu.example:8000', 'other.example', /--send-notes-to names other\.example/],
    ['http://gpu.example:8000', 'gpu.example:9000', /notes would leave/],
    ['http://gpu.example.evil.example', 'gpu.example', /notes would leave/],
    ['http://localhost.evil.example', undefined, /notes would leave/],
    ['http://127.0.0.1.evil.example', undefined, /notes would leave/],
    ['http://0.0.0.0:8000', undefined, /notes would leave/],
    ['http://gpu.example@evil.example', 'gpu.example', /without a password/],
    ['ftp://localhost', undefined, /an address such as/],
    ['localhost:8000', undefined, /an address such as/],
    ['gpu', undefined, /an address such as/],
  ] as const)
    it(`not to ${url}${named ? ` where ${named} is named` : ''}`, () =>
      assert.throws(() => allowedHost(url, named), message));
});
