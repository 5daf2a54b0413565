import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRng } from '../../../../src/core/random';
import { notesPerLabel, outputWeights, positiveWeights } from '../../../../src/core/train/balance/imbalance';
import { oversample } from '../../../../src/core/train/balance/oversample';

const labels = ['A', 'B', 'C', 'D'];
const notes = [['A'], ['A', 'B'], ['A'], ['A', 'C']];

describe('positiveWeights', () => {
  for (const [what, options, expected] of [
    ['the study’s', {}, [0, 3, 3, 1]],
    ['clamped', { minimum: 1 }, [1, 3, 3, 1]],
    ['to a power', { power: 0.25 }, [0, 3 ** 0.25, 3 ** 0.25, 1]],
    ['clamped, to a power', { power: 0.25, minimum: 1 }, [1, 3 ** 0.25, 3 ** 0.25, 1]],
  ] as const)
    it(what, () => assert.deepEqual(positiveWeights(notes, labels, options), expected));

  it('of outputs under IO and BIO', () => {
    assert.deepEqual(outputWeights([1, 3], 'IO'), [1, 3]);
    assert.deepEqual(outputWeights([1, 3], 'BIO', 0.5), [0.5, 1, 1.5, 3]);
  });
});

/** `A×3 AB×2` as notes. */
const corpus = (recipe: string): string[][] =>
  recipe.split(' ').flatMap((term) => {
    const [own, times] = term.split('×') as [string, string];
    return Array.from({ length: Number(times) }, () => [...own]);
  });

describe('oversample', () => {
  it('never draws a note with a single minority label as the study does, and does so corrected', () => {
    // Mean 10.5, target 8.4: C and D are minority labels, each in notes of its own.
    const own = corpus('A×18 AB×14 C×5 D×5');
    assert.deepEqual(notesPerLabel(own, labels), [32, 14, 5, 5]);
    assert.deepEqual(oversample(own, labels, 'study', seededRng(1)), []);
    const drawn = oversample(own, labels, 'every-minority', seededRng(1));
    const counts = notesPerLabel([...own, ...drawn.map((note) => own[note]!)], labels);
    assert.ok(counts[2]! >= 8.4 && counts[3]! >= 8.4);
    assert.ok(drawn.every((note) => note >= 32));
  });

  it('draws notes with three minority labels about three times as often as those with two', () => {
    // The two kinds of candidate are equally many; labels B, C, D are minority labels.
    const own = corpus('A×900 BCD×30 BC×30');
    let [three, all] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      // The first draws alone: later ones depend on what is lacking.
      for (const note of oversample(own, labels, 'study', seededRng(seed)).slice(0, 50)) {
        if (note < 930) three++;
        all++;
      }
    }
    assert.ok(Math.abs(three / all - 0.75) < 0.04, `${three} of ${all}`);
  });

  it('serves a label past the rounds when it lacks more than half of its notes', () => {
    // D is in one note with C; the wheel finds it rarely, and its deficit is far above half of one.
    const own = corpus('A×400 B×300 CB×200 CD×1');
    const drawn = oversample(own, labels, 'study', seededRng(2));
    const counts = notesPerLabel([...own, ...drawn.map((note) => own[note]!)], labels);
    const target = (0.8 * (400 + 500 + 201 + 1)) / 4;
    assert.ok(counts[3]! >= target, String(counts));
  });

  it('draws only what is lacking, the same with the same seed, and ends on any notes', () => {
    const any = fc.array(fc.subarray(labels), { maxLength: 40 });
    fc.assert(
      fc.property(any, fc.nat(), fc.constantFrom('study', 'every-minority'), (own, seed, kind) => {
        const drawn = oversample(own, labels, kind, seededRng(seed));
        assert.deepEqual(oversample(own, labels, kind, seededRng(seed)), drawn);
        const before = notesPerLabel(own, labels);
        const target = (0.8 * before.reduce((sum, count) => sum + count, 0)) / labels.length;
        const minority = new Set(labels.filter((_, i) => before[i]! < target));
        const lacking = before.reduce((sum, count) => sum + Math.max(0, Math.ceil(target - count)), 0);
        assert.ok(drawn.length <= lacking);
        assert.ok(drawn.every((note) => own[note]!.some((label) => minority.has(label))));
      }),
    );
  });
});
