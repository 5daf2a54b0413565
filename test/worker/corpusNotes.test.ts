import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Predictor } from '../../src/core/predict/predictor';
import { predictionSettings } from '../../src/core/predict/settings';
import { decisionEntropy, uncertaintyOf } from '../../src/core/predict/uncertainty';
import type { RankedNote } from '../../src/protocol/corpus';
import { CorpusNotes } from '../../src/worker/corpusNotes';

/** An encoder that is sure of every word but those with a question mark, whose probability is `unsure`. */
function predictorOf(threshold: number, unsure = 0.3): { predictor: Predictor; runs: () => number } {
  let runs = 0;
  const settings = predictionSettings({ thresholds: { DIS: threshold } }, ['DIS'], 60);
  const logit = Math.log(unsure / (1 - unsure));
  const predictor: Predictor = {
    classifier: {
      labels: ['DIS'],
      logits: async (batch) => {
        runs += batch.length;
        return batch.map((ids) => Float32Array.from(ids, (id) => (id === 1 ? logit : -30)));
      },
    },
    tokenizer: {
      padId: 0,
      modelMaxLength: 60,
      encode: (text) => {
        const found = [...text.matchAll(/\S+/g)];
        return {
          ids: Int32Array.from(found, ([word]) => (word.includes('?') ? 1 : 2)),
          starts: Int32Array.from(found, ({ index }) => index),
          ends: Int32Array.from(found, ({ index, 0: word }) => index + word.length),
          special: new Uint8Array(found.length),
        };
      },
    },
    settings,
  };
  return { predictor, runs: () => runs };
}

describe('how unsure a model is of a note', () => {
  it('is greatest at the threshold, whatever it is, and the mean over the tokens', async () => {
    const { predictor } = predictorOf(0.3);
    const [none, half, all, empty] = await uncertaintyOf(['a b', 'a b?', 'a? b? c?', ''], predictor);
    assert.ok(none! < 1e-3);
    assert.ok(Math.abs(half! - 0.5) < 1e-3, String(half));
    assert.ok(Math.abs(all! - 1) < 1e-3, String(all));
    assert.equal(empty, 0);
    const [other] = await uncertaintyOf(['a?'], predictorOf(0.5).predictor);
    assert.ok(Math.abs(other! - decisionEntropy(Math.log(0.3 / 0.7))) < 1e-4);
  });

  it('does not depend on the side of the threshold, and falls with the distance', () => {
    assert.equal(decisionEntropy(0), 1);
    assert.equal(decisionEntropy(1.5), decisionEntropy(-1.5));
    assert.ok(decisionEntropy(1) > decisionEntropy(2));
    assert.equal(decisionEntropy(800), 0);
  });
});

describe('the corpus files of a workspace', () => {
  let folder: string;
  let corpus: CorpusNotes;
  const at = (name: string): string => path.join(folder, name);
  const put = async (files: Record<string, string>): Promise<void> => {
    for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
    const names = await readdir(folder, { recursive: true });
    corpus.setFiles(names.filter((name) => !name.startsWith('cache')).map(at));
  };
  const rank = async (
    predictor = predictorOf(0.3).predictor,
    without: string[] = [],
    signal = new AbortController().signal,
  ): Promise<RankedNote[]> => {
    const hooks = { signal, onProgress: () => undefined, between: async () => undefined };
    return corpus.rank({ without, cache: at('cache') }, { predictor, identity: 'm' + Math.random() }, hooks);
  };
  const names = (ranked: RankedNote[]): string[] => ranked.map(({ file }) => path.basename(file));

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anamnese-corpus-'));
    corpus = new CorpusNotes();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('hold the annotations of a note by its text, in their own formats', async () => {
    await put({
      'a.txt': 'dor em MMII\r\n',
      'a.ann': 'T1\tDisorders 0 3\tdor\n',
      'c.jsonl': '{"text": "edema", "label": [[0, 5, "Disorders"]]}\n{"text": "dor em MMII", "label": []}\n',
      'm.txt': '⟦DIS febre⟧ hoje\n',
    });
    const words = async (text: string): Promise<unknown> => {
      const found = await corpus.gold(text);
      return found && [path.basename(found.file), found.format, found.annotations.length, found.others];
    };
    assert.deepEqual(await words('dor em MMII\n'), ['a.ann', 'brat', 1, 1]);
    assert.deepEqual(await words('edema'), ['c.jsonl', 'doccano', 1, 0]);
    assert.deepEqual(await words('febre hoje'), ['m.txt', 'markup', 1, 0]);
    assert.equal(await words('outra'), null);
  });

  it('are read again when they change', async () => {
    await put({ 'c.jsonl': '{"text": "edema", "label": []}\n' });
    assert.deepEqual((await corpus.gold('edema'))?.annotations, []);
    await put({ 'c.jsonl': '{"text": "edema", "label": [[0, 5, "Disorders"]]}\n' });
    assert.equal((await corpus.gold('edema'))?.annotations.length, 1);
    await put({ 'c.jsonl': '{"text": "outro", "label": [[0, 5, "Disorders"]]}\n' });
    assert.equal(await corpus.gold('edema'), null);
  });

  it('rank the notes that nobody has annotated, the most uncertain first', async () => {
    await put({
      'certa.txt': 'a b c d',
      'meio.txt': 'a b? c d',
      'muito.txt': 'a? b? c',
      'feita.txt': 'a? b? c?',
      'feita.ann': 'T1\tDisorders 0 2\ta?\n',
      'vazia.txt': 'x? y',
      'vazia.ann': '',
      'c.jsonl': '{"text": "a? b? c d? e?", "label": []}\n{"text": "meio", "label": [[0, 2, "X"]]}\n',
    });
    const ranked = await rank();
    assert.deepEqual(names(ranked), ['c.jsonl', 'muito.txt', 'vazia.txt', 'meio.txt', 'certa.txt']);
    assert.deepEqual(
      ranked.map(({ isNote }) => isNote),
      [false, true, true, true, true],
    );
    assert.equal(await corpus.text(ranked[0]!.file, ranked[0]!.key), 'a? b? c d? e?');
    assert.deepEqual(names(await rank(undefined, [ranked[0]!.key])).slice(0, 1), ['muito.txt']);
  });

  it('are not the vocabulary of an encoder that lies in the workspace', async () => {
    await mkdir(at('encoder'));
    await put({
      'nota.txt': 'a b? c',
      'encoder/config.json': '{}',
      'encoder/model.safetensors': '',
      'encoder/vocab.txt': '[PAD]\nfebre?\n',
    });
    assert.deepEqual(names(await rank()), ['nota.txt']);
  });

  it('are scored once a text and model, also by the next session, and what a cancel leaves is kept', async () => {
    await put(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`n${i}.txt`, `nota ${i} a?`])));
    const { predictor, runs } = predictorOf(0.3);
    const abort = new AbortController();
    const hooks = { signal: abort.signal, onProgress: () => undefined, between: async () => undefined };
    const stopped = { ...hooks, onProgress: (done: number) => void (done >= 8 && abort.abort()) };
    const asked = { without: [], cache: at('cache') };
    const some = await corpus.rank(asked, { predictor, identity: 'same' }, stopped);
    assert.deepEqual([some.length, runs()], [8, 8]);
    const go = { ...hooks, signal: new AbortController().signal };
    assert.equal((await corpus.rank(asked, { predictor, identity: 'same' }, go)).length, 20);
    assert.equal(runs(), 20);
    assert.deepEqual(await readdir(at('cache')), ['uncertainty-same.json']);
    await corpus.rank(asked, { predictor, identity: 'other' }, go);
    assert.equal(runs(), 40);
  });

  it('that are broken, or gone meanwhile, hold no note', async () => {
    await mkdir(at('d.ann'));
    await put({ 'x.jsonl': '{"text": ', 'y.ann': 'T1\tX 0 1\ta\n', 'z.txt': '\0\0' });
    assert.deepEqual(await rank(), []);
    corpus.setFiles([at('nothing.txt')]);
    assert.deepEqual(await rank(), []);
  });
});
