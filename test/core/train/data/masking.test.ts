import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRng } from '../../../../src/core/random';
import { loadTokenizer } from '../../../../src/core/tokenize/loadTokenizer';
import { specialTokens } from '../../../../src/core/tokenize/vocabulary';
import { presetPretraining } from '../../../../src/core/train/settings/hyperParameters';
import { maskWindow } from '../../../../src/core/train/data/masking';
import type { MaskedExample, MaskedLanguageEngine } from '../../../../src/core/train/maskedLanguageEngine';
import { pretrainingTask } from '../../../../src/core/train/loop/pretraining';
import type { TokenizedText } from '../../../../src/core/train/data/tokenizedNote';
import { tokenizeText } from '../../../../src/core/train/data/tokenizedNote';

const vocabulary = { maskId: 4, size: 1000, special: new Set([0, 1, 2, 3, 4]) };

/** Words of three pieces each. */
const text = (tokens: number): TokenizedText => ({
  ids: Int32Array.from({ length: tokens }, (_, i) => 10 + i),
  before: Int32Array.of(2),
  after: Int32Array.of(3),
  cutRanks: new Uint8Array(tokens),
  visible: new Uint8Array(tokens).fill(1),
  continues: Uint8Array.from({ length: tokens }, (_, i) => Number(i % 3 > 0)),
});

const mask = (tokens: number, seed: number, wholeWords = false) =>
  maskWindow(
    text(tokens),
    { note: 0, range: [0, tokens], length: tokens + 2, share: 1 },
    { masked: 0.15, wholeWords, vocabulary },
    seededRng(seed),
  );

describe('maskWindow', () => {
  it('hides so many tokens, says what they were, and leaves the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (tokens, seed) => {
        const { ids, positions, originals } = mask(tokens, seed);
        assert.equal(positions.length, Math.max(1, Math.round(tokens * 0.15)));
        assert.ok(positions.every((at, i) => at >= 1 && at <= tokens && (i === 0 || at > positions[i - 1]!)));
        const restored = ids.slice();
        positions.forEach((at, i) => (restored[at] = originals[i]!));
        assert.deepEqual([...restored], [2, ...text(tokens).ids, 3]);
        assert.deepEqual(mask(tokens, seed), { ids, positions, originals });
      }),
    );
  });

  it('masks 80 %, replaces 10 % and keeps 10 %', () => {
    const counts = { hidden: 0, kept: 0, replaced: 0 };
    for (let seed = 0; seed < 100; seed++) {
      const { ids, positions, originals } = mask(300, seed);
      positions.forEach((at, i) => {
        const id = ids[at]!;
        counts[id === vocabulary.maskId ? 'hidden' : id === originals[i] ? 'kept' : 'replaced']++;
        assert.ok(id === vocabulary.maskId || !vocabulary.special.has(id));
      });
    }
    const all = counts.hidden + counts.kept + counts.replaced;
    assert.ok(Math.abs(counts.hidden / all - 0.8) < 0.02, JSON.stringify(counts));
    assert.ok(Math.abs(counts.kept / all - 0.1) < 0.02, JSON.stringify(counts));
  });

  it('hides whole words where asked', () => {
    const { positions } = mask(300, 1, true);
    assert.equal(positions.length, 45);
    const words = new Set([...positions].map((at) => Math.floor((at - 1) / 3)));
    assert.equal(words.size, 15);
  });
});

describe('specialTokens', () => {
  it('finds the mask in tokenizer.json and in vocab.txt', () => {
    assert.equal(specialTokens({ vocabTxt: '[PAD]\n[UNK]\n[MASK]\ndor' }).maskId, 2);
    assert.throws(() => specialTokens({ vocabTxt: 'a\nb' }), /names no mask token/);
  });
});

describe('pretrainingTask', () => {
  it('gives each guess of a step the same weight, and hides other tokens in the next epoch', () => {
    const tokenizer = loadTokenizer({ vocabTxt: '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ndor\nno\npeito' });
    const task = pretrainingTask({
      engine: {} as MaskedLanguageEngine,
      vocabulary: { ...specialTokens({ vocabTxt: '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]' }), size: 8 },
      texts: Array.from({ length: 9 }, (_, i) => tokenizeText('dor no peito '.repeat(i + 1), tokenizer)),
      parameters: {
        ...presetPretraining(384),
        batching: { by: 'notes', size: 2, accumulate: 2, buckets: 'epoch' },
      },
      longestInput: 512,
      seed: 1,
    });
    const epochs = [0, 1, 0].map((number) => {
      const epoch = task.plan(number);
      return Array.from({ length: epoch.steps }, (_, i) => epoch.step(i));
    });
    assert.deepEqual(epochs[0], epochs[2]);
    assert.notDeepEqual(epochs[0], epochs[1]);
    for (const { batches } of epochs[0]!) {
      const guesses = batches
        .flat()
        .flatMap(({ weight, positions }: MaskedExample) => [...positions].map(() => weight));
      assert.ok(Math.abs(guesses.reduce((a, b) => a + b, 0) - 1) < 1e-9);
      assert.equal(new Set(guesses).size, 1);
    }
    assert.ok(Math.abs(epochs[0]!.reduce((sum, { notes }) => sum + notes, 0) - 9) < 1e-9);
  });
});
