import assert from 'node:assert/strict';
import { paperProtocol } from '../../../../src/core/evaluate/evaluation';
import type { NoteScores } from '../../../../src/core/evaluate/modelScores';
import { scoreNotes } from '../../../../src/core/evaluate/modelScores';
import { totalCounts } from '../../../../src/core/evaluate/noteCounts';
import { labelRates } from '../../../../src/core/evaluate/rates';
import { combineSeeds, randomBelow, seededRng } from '../../../../src/core/random';
import { loadTokenizer } from '../../../../src/core/tokenize/loadTokenizer';
import { trainingSettings } from '../../../../src/core/train/loop/fineTuning';
import { presetParameters } from '../../../../src/core/train/settings/hyperParameters';
import { optimiserOptions } from '../../../../src/core/train/settings/optimiser';
import {
  bestMicroThreshold,
  scoresAt,
  validationScores,
} from '../../../../src/core/train/decision/validation';

const words = ['dor', 'febre', 'edema', 'tosse', 'no', 'peito'];
const tokenizer = loadTokenizer({ vocabTxt: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...words].join('\n') });
const labels = ['A', 'B', 'C'];
const task = { labels, outputs: labels, scheme: 'IO', begin: 'exact', activation: 'sigmoid' } as const;

/** Notes of up to a hundred words, annotated by lot; an encoder that half knows. */
const rng = seededRng(4);
const documents = Array.from({ length: 20 }, (_, id) => {
  const text = Array.from(
    { length: 1 + randomBelow(100, rng) },
    () => words[randomBelow(words.length, rng)]!,
  ).join(' ');
  const annotations = labels.map((label) => {
    const start = randomBelow(text.length, rng);
    return { label, fragments: [{ start, end: Math.min(text.length, start + 12) }] };
  });
  return { id: String(id), text, annotations };
});
const classifier = {
  labels,
  logits: async (ids: readonly Int32Array[]) =>
    ids.map((text) =>
      Float32Array.from({ length: 3 * text.length }, (_, i) => Math.sin(7 * text[Math.floor(i / 3)]! + i)),
    ),
};

describe('validationScores', () => {
  const predictor = { classifier, tokenizer, settings: trainingSettings(task, 64) };

  it('are the study’s, of notes cut off at the longest input', async () => {
    const notes: NoteScores[] = [];
    for await (const scores of scoreNotes(
      documents.map(({ text }) => text),
      predictor,
    ))
      notes.push(scores);
    const scored = documents.map((document, i) => ({ document, scores: notes[i]! }));
    const { thresholds, tables } = paperProtocol(scored, task, 'zero');
    const { micro, macro } = labelRates(labels, totalCounts(tables.shared));
    const expected = { microF1: micro.f1, macroF1: macro.f1, threshold: thresholds.shared };
    assert.deepEqual(await validationScores(documents, predictor, task, 'study'), expected);
  });

  it('are honest ones at the threshold that is best for all tokens of all notes', async () => {
    const { microF1, threshold } = await validationScores(documents, predictor, task, 'honest');
    assert.ok(microF1 > 0 && microF1 < 1);
    const rows = {
      labels: ['A'],
      scores: Float32Array.of(0.2, 0.6, 0.4, 0.25),
      truth: Uint8Array.of(0, 1, 1, 0),
    };
    assert.equal(bestMicroThreshold(rows), 0.25);
    assert.deepEqual(scoresAt(rows, 0.5), { microF1: 2 / 3, macroF1: 2 / 3, threshold: 0.5 });
    assert.ok(threshold > 0);
  });

  it('are no number where a logit is none', async () => {
    const broken = {
      ...predictor,
      classifier: {
        ...classifier,
        logits: async (ids: readonly Int32Array[]) =>
          ids.map(({ length }) => new Float32Array(3 * length).fill(NaN)),
      },
    };
    assert.ok(Number.isNaN((await validationScores(documents, broken, task, 'honest')).microF1));
    assert.ok(Number.isNaN((await validationScores(documents, broken, task, 'study')).microF1));
  });
});

describe('optimiserOptions', () => {
  const { optimiser } = presetParameters('default', 384);
  const of = (name: string, more: Partial<typeof optimiser> = {}) =>
    optimiserOptions({ ...optimiser, ...more }, 12).parameter(name);

  it('decays matrices alone', () => {
    assert.deepEqual(of('encoder.layer.3.output.dense.weight'), { rate: 1, decay: 0.01 });
    for (const name of [
      'encoder.layer.3.output.dense.bias',
      'embeddings.LayerNorm.weight',
      'layers.2.attn_norm.weight',
      'final_norm.weight',
    ])
      assert.equal(of(name).decay, 0, name);
    assert.equal(of('classifier.bias', { decayVectors: true }).decay, 0.01);
  });

  it('lets lower layers learn more slowly, the head faster, frozen ones not at all', () => {
    const slower = { layerDecay: 0.5, headRate: 4 };
    assert.equal(of('classifier.weight', slower).rate, 4);
    assert.equal(of('bert.encoder.layer.11.output.dense.weight', slower).rate, 0.5);
    assert.equal(of('layers.10.mlp.Wi.weight', slower).rate, 0.25);
    assert.equal(of('model.embeddings.tok_embeddings.weight', slower).rate, 0.5 ** 13);
    assert.equal(of('encoder.layer.0.output.dense.weight', { frozen: 2 }).rate, 0);
    assert.equal(of('encoder.layer.1.output.dense.weight', { frozen: 2 }).rate, 1);
  });
});

describe('combineSeeds', () => {
  it('gives neighbours other seeds', () => {
    const seeds = new Set<number>();
    for (let a = 0; a < 20; a++)
      for (let b = -3; b < 20; b++) for (let c = 0; c < 20; c++) seeds.add(combineSeeds(a, b, c));
    assert.equal(seeds.size, 20 * 23 * 20);
    assert.notEqual(combineSeeds(1, 2), combineSeeds(2, 1));
    assert.equal(combineSeeds(3, 1), combineSeeds(3, 1));
  });
});
