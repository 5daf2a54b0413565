import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gatherCorpus, readCorpusFolder, readGathered } from '../../../src/node/corpusFolder';
import { createPlan } from '../../../src/node/experiments/createPlan';
import { readSnapshot, SNAPSHOT, writeSnapshot } from '../../../src/node/experiments/corpusSnapshot';
import { readPlanCorpus } from '../../../src/node/experiments/planCorpus';
import { toyFolder } from '../training/toyRun';
import { toyRequest } from './toyPlan';

describe('the corpus that a plan keeps', () => {
  let folder: string;
  const at = (...names: string[]): string => path.join(folder, ...names);
  const put = (name: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(at('corpus', name)), { recursive: true });
    writeFileSync(at('corpus', name), content);
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anamnese-snapshot-'));
    mkdirSync(at('plan'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const kept = async (corpus: string) => {
    await writeSnapshot(at('plan'), await gatherCorpus(corpus));
    return readGathered((await readSnapshot(at('plan')))!);
  };

  it('is read as its files are: the same documents, order, ids and problems', async () => {
    put('b/um.txt', 'febre alta\r\n');
    put('b/um.ann', 'T1\tDisorders 0 5\tfebre\nT2\tDisorders 99 120\tnada\nR1\tx\n');
    put('a/latino.txt', Buffer.from('press\u00e3o alta', 'latin1'));
    put('a/latino.ann', 'T1\tFindings 0 7\tpressão\n');
    put('a/utf16.txt', Buffer.from('\ufeffcefaleia', 'utf16le'));
    put('mark.txt', '\ufeffdor ⟦DIS tor⟧ácica 😀');
    put(
      'records.jsonl',
      '{"text":"edema","label":[[0,5,"Disorders"]]}\n{"text":\n{"text":"tosse","label":[]}\n',
    );
    put(
      'twice.json',
      '[{"id":"x","text":"asma"},{"id":"x","text":"gota"},{"text":"dor","label":[[0,9,"A"]]}]',
    );
    put('README.md', 'about');
    put('thesis.docx', 'no corpus');
    put('binary.txt', new Uint8Array([0, 1, 2, 255]));
    put('empty.txt', '');
    const read = await readCorpusFolder(at('corpus'));
    assert.ok(read.documents.length >= 8 && read.problems.length >= 5, JSON.stringify(read.problems));
    assert.deepEqual(await kept(at('corpus')), read);
    rmSync(at('corpus'), { recursive: true });
    assert.deepEqual(readGathered((await readSnapshot(at('plan')))!), read);
  });

  it('has of one file what stands beside it, and what it says of a file that is none', async () => {
    put('um.txt', 'febre alta');
    put('um.ann', 'T1\tDisorders 0 5\tfebre\n');
    put('thesis.docx', 'no corpus');
    for (const name of ['um.ann', 'thesis.docx']) {
      const read = await readCorpusFolder(at('corpus', name));
      assert.deepEqual(await kept(at('corpus', name)), read);
    }
  });

  it('is its owner’s alone, leaves nothing else, and keeps itself out of git', async () => {
    put('um.txt', 'febre alta');
    await kept(at('corpus'));
    if (process.platform !== 'win32') assert.equal(statSync(at('plan', SNAPSHOT)).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(at('plan')).sort(), ['.gitignore', SNAPSHOT]);
    assert.match(readFileSync(at('plan', '.gitignore'), 'utf8'), /^\/corpus\.jsonl\.gz$/m);
    writeFileSync(at('plan', '.gitignore'), '*\n');
    await kept(at('corpus'));
    assert.equal(readFileSync(at('plan', '.gitignore'), 'utf8'), '*\n', 'a person’s own stays');
  });

  it('is written with the plan, and once', async () => {
    const toy = toyFolder(8);
    try {
      const plan = path.join(toy, 'plan');
      const { plan: made, isCorrected } = await createPlan(plan, toyRequest(toy));
      assert.equal(isCorrected, false);
      const read = await readPlanCorpus(plan, made);
      assert.deepEqual(read, await readCorpusFolder(path.join(toy, 'notes.jsonl')));
      const before = statSync(path.join(plan, SNAPSHOT)).mtimeMs;
      const lines = readFileSync(path.join(toy, 'notes.jsonl'), 'utf8').split('\n');
      writeFileSync(path.join(toy, 'notes.jsonl'), lines.slice(1).join('\n'));
      const more = await createPlan(plan, toyRequest(toy, { seeds: [9] }));
      assert.equal(more.isCorrected, true);
      assert.equal(more.added.length, 2);
      assert.equal(more.plan.corpus.sha256, made.corpus.sha256);
      assert.equal(statSync(path.join(plan, SNAPSHOT)).mtimeMs, before);
      assert.deepEqual(await readPlanCorpus(plan, more.plan), read);
      writeFileSync(path.join(toy, 'others.jsonl'), lines.slice(2).join('\n'));
      await assert.rejects(
        createPlan(plan, toyRequest(toy, { corpus: path.join(toy, 'others.jsonl') })),
        /plan\.json: is a plan of other notes than .*others\.jsonl holds now/,
      );
      rmSync(path.join(plan, SNAPSHOT));
      await assert.rejects(createPlan(plan, toyRequest(toy)), /plan\.json: is a plan of other notes than/);
    } finally {
      rmSync(toy, { recursive: true, force: true });
    }
  });

  describe('that is damaged is refused with its place and none of its words', () => {
    const lines = (): string[] =>
      gunzipSync(readFileSync(at('plan', SNAPSHOT)))
        .toString()
        .split('\n');
    const pack = (changed: readonly string[]): void =>
      writeFileSync(at('plan', SNAPSHOT), gzipSync(changed.join('\n')));
    for (const [what, spoil, message] of [
      [
        'cut short',
        () => writeFileSync(at('plan', SNAPSHOT), readFileSync(at('plan', SNAPSHOT)).subarray(0, 60)),
        /\.gz: damaged \(/,
      ],
      ['no archive', () => writeFileSync(at('plan', SNAPSHOT), 'febre alta'), /\.gz: damaged \(/],
      ['empty', () => pack([]), /\.gz:1: damaged: not what a plan keeps/],
      ['half a line', () => pack([lines()[0]!, '{"name":"um.txt","text":"febre al']), /\.gz:2: damaged: not/],
      [
        'another version',
        () => pack(lines().map((line) => line.replace('"version":1', '"version":2'))),
        /\.gz:1: damaged/,
      ],
    ] as [string, () => void, RegExp][])
      it(what, async () => {
        put('um.txt', 'febre alta');
        await kept(at('corpus'));
        spoil();
        const error = await readSnapshot(at('plan')).then(
          () => assert.fail('was read'),
          (refused: Error) => refused,
        );
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /febre/);
      });

    it('of another plan', async () => {
      const toy = toyFolder(8);
      try {
        const plan = path.join(toy, 'plan');
        const { plan: made } = await createPlan(plan, toyRequest(toy));
        put('um.txt', 'febre alta');
        await writeSnapshot(plan, await gatherCorpus(at('corpus')));
        await assert.rejects(
          readPlanCorpus(plan, made),
          /\.gz: is not the corpus that .*plan\.json was made of/,
        );
      } finally {
        rmSync(toy, { recursive: true, force: true });
      }
    });
  });

  it('is none where nothing was kept', async () => {
    assert.equal(existsSync(at('plan', SNAPSHOT)), false);
    assert.equal(await readSnapshot(at('plan')), undefined);
  });
});
