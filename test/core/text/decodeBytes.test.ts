import assert from 'node:assert/strict';
import { decodeBytes } from '../../../src/core/text/decodeBytes';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('decodeBytes', () => {
  it('reads UTF-8 and keeps line breaks and the byte-order mark', () => {
    assert.deepEqual(decodeBytes(new TextEncoder().encode('\ufeffdor\r\nà')), {
      text: '\ufeffdor\r\nà',
      encoding: 'utf-8',
    });
  });

  it('reads Latin-1 where the bytes are no UTF-8', () => {
    assert.deepEqual(decodeBytes(bytes(0x70, 0xe9)), { text: 'pé', encoding: 'windows-1252' });
  });

  it('reads UTF-16 behind its mark', () => {
    assert.equal(decodeBytes(bytes(0xff, 0xfe, 0x61, 0, 0xe7, 0))?.text, '\ufeffaç');
    assert.equal(decodeBytes(bytes(0xfe, 0xff, 0, 0x61))?.encoding, 'utf-16be');
  });

  it('refuses what is no text', () => {
    assert.equal(decodeBytes(bytes(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0)), undefined);
    assert.equal(decodeBytes(Uint8Array.from({ length: 512 }, (_, i) => 1 + (i % 8))), undefined);
  });

  it('refuses what only begins as UTF-16 does', () => {
    const little = Array.from({ length: 128 }, (_, i) => [i, 1, 0, 0]).flat();
    const big = Array.from({ length: 128 }, (_, i) => [0, 0, 1, i]).flat();
    assert.equal(decodeBytes(bytes(0xff, 0xfe, ...little)), undefined);
    assert.equal(decodeBytes(bytes(0xfe, 0xff, ...big)), undefined);
    assert.equal(decodeBytes(bytes(0xff, 0xfe, ...new Array<number>(512).fill(0xff))), undefined);
  });

  it('reads nothing as an empty text', () => {
    assert.equal(decodeBytes(bytes())?.text, '');
  });
});
