import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CorpusDocument } from '../../../src/core/corpus/document';
import { seededRng } from '../../../src/core/random';
import { iterativeStratification } from '../../../src/core/split/iterative';
import type { SplitNote } from '../../../src/core/split/notes';
import { noteKey, splitNotes, unitsOfNotes } from '../../../src/core/split/notes';
import { wholeSizes } from '../../../src/core/split/sizes';
import type { SplitMethod, SplitOptions } from '../../../src/core/split/split';
import { splitMethods, splitParts } from '../../../src/core/split/split';
import { labelTable } from '../../../src/core/split/labelTable';

import { sha256 } from '../../../src/node/sha256';

const balanced: readonly SplitMethod[] = ['random', 'is', 'sois'];

const corpus = (groupNames: fc.Arbitrary<readonly string[]>): fc.Arbitrary<SplitNote[]> =>
  fc
    .array(fc.tuple(fc.uniqueArray(fc.constantFrom(...'ABCDEF'), { maxLength: 4 }), groupNames), {
      maxLength: 60,
    })
    .map((notes) =>
      notes.map(([labels, groups], i) => ({ key: String(i).padStart(4, '0'), labels, groups })),
    );

const single = corpus(fc.constant([]));
const grouped = corpus(fc.uniqueArray(fc.constantFrom(...'pqrstuvwxyz'), { maxLength: 2 }));

const options = fc.record({
  ratio: fc.oneof(
    fc.constant([60, 20, 20]),
    fc.constant([1, 1, 1, 1, 1]),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }),
  ),
  seed: fc.nat(),
  minNotes: fc.constantFrom(0, 1, 3, 10),
});

const sizesOf = (parts: Int32Array, count: number): number[] =>
  Array.from({ length: count }, (_, part) => parts.filter((own) => own === part).length);

/** The largest distance of a part's size from its share of the notes. */
function furthest(parts: Int32Array, { ratio }: Pick<SplitOptions, 'ratio'>): number {
  const whole = ratio.reduce((sum, part) => sum + part, 0);
  const sizes = sizesOf(parts, ratio.length);
  return Math.max(...sizes.map((size, i) => Math.abs(size - (ratio[i]! / whole) * parts.length)));
}

describe('splitParts', () => {
  for (const method of splitMethods) {
    it(`${method} puts every note into one part, groups whole, and again with the same seed`, () => {
      fc.assert(
        fc.property(grouped, options, (notes, some) => {
          const { parts } = splitParts(notes, { ...some, method });
          assert.equal(parts.length, notes.length);
          assert.ok(parts.every((part) => part >= 0 && part < some.ratio.length));
          const { unitOf } = unitsOfNotes(notes);
          const partOf = new Map([...unitOf].map((unit, note) => [unit, parts[note]]));
          assert.ok(parts.every((part, note) => part === partOf.get(unitOf[note]!)));
          assert.deepEqual(splitParts(notes, { ...some, method }).parts, parts);
        }),
        { numRuns: 25 },
      );
    });
  }

  for (const method of balanced) {
    it(`${method} keeps sizes within one note, or one group`, () => {
      fc.assert(
        fc.property(single, options, (notes, some) => {
          assert.ok(furthest(splitParts(notes, { ...some, method }).parts, some) < 1 + 1e-9);
        }),
        { numRuns: 25 },
      );
      fc.assert(
        fc.property(grouped, options, (notes, some) => {
          const { unitOf, units } = unitsOfNotes(notes);
          const largest = Math.max(0, ...sizesOf(unitOf, units));
          assert.ok(furthest(splitParts(notes, { ...some, method }).parts, some) < 1 + largest);
        }),
        { numRuns: 25 },
      );
    });

    it(`${method} does not depend on the order of the notes`, () => {
      fc.assert(
        fc.property(grouped, options, (notes, some) => {
          const { parts } = splitParts(notes, { ...some, method });
          const reversed = splitParts([...notes].reverse(), { ...some, method }).parts;
          assert.deepEqual(reversed.reverse(), parts);
        }),
        { numRuns: 15 },
      );
    });
  }

  it('cuts a random split where the study does', () => {
    for (const n of [0, 1, 4, 5, 7, 9, 10, 99, 1000, 1003]) {
      const notes = Array.from({ length: n }, (_, i) => ({
        key: String(i).padStart(4, '0'),
        labels: [],
        groups: [],
      }));
      const { parts } = splitParts(notes, { method: 'random', ratio: [60, 20, 20], seed: 7, minNotes: 10 });
      const [first, second] = [Math.trunc(0.6 * n), Math.trunc(0.8 * n)];
      assert.deepEqual(sizesOf(parts, 3), [first, second - first, n - second]);
    }
  });

  it('gives a label of five notes to all five folds, and leaves labels under the minimum to chance', () => {
    const notes = Array.from({ length: 50 }, (_, i) => ({
      key: String(i).padStart(4, '0'),
      labels: i < 5 ? ['rare'] : [],
      groups: [],
    }));
    const some = { method: 'is', ratio: [1, 1, 1, 1, 1], seed: 3 } as const;
    const { parts, stratified } = splitParts(notes, { ...some, minNotes: 5 });
    assert.deepEqual(stratified, ['rare']);
    assert.deepEqual([...parts.subarray(0, 5)].sort(), [0, 1, 2, 3, 4]);
    assert.deepEqual(splitParts(notes, { ...some, minNotes: 6 }).stratified, []);
  });
});

describe('iterativeStratification', () => {
  it('serves the rarest label first, each note to the part that wants most of it', () => {
    const notes = [['A', 'B'], ['A'], ['A'], ['A'], ['A', 'B'], ['A']];
    for (let seed = 0; seed < 20; seed++) {
      const parts = iterativeStratification(labelTable(notes, ['A', 'B']), [1, 1], seededRng(seed));
      assert.notEqual(parts[0], parts[4]);
      assert.deepEqual(sizesOf(parts, 2), [3, 3]);
    }
  });
});

describe('wholeSizes', () => {
  it('adds up, each size within one', () => {
    for (const [notes, ratio, sizes] of [
      [10, [60, 20, 20], [6, 2, 2]],
      [258, [60, 20, 20], [155, 52, 51]],
      [2, [1, 1, 1], [1, 1, 0]],
      [0, [1, 1], [0, 0]],
    ] as const)
      assert.deepEqual(wholeSizes(notes, ratio), sizes);
  });
});

describe('splitNotes', () => {
  const document = (text: string, label: string, group?: string): CorpusDocument => ({
    id: text + label,
    text,
    annotations: [{ label, fragments: [{ start: 0, end: 1 }] }],
    ...(group !== undefined && { group }),
  });

  it('makes one note of a text with several annotators, whatever its line breaks', () => {
    const notes = splitNotes([document('a\r\nb', 'DIS', 'p1'), document('a\nb', 'ANA', 'p2')], sha256);
    const key = noteKey('a\nb', sha256);
    assert.match(key, /^[0-9a-f]{16}$/);
    assert.deepEqual(notes, [{ key, labels: ['ANA', 'DIS'], groups: ['p1', 'p2'] }]);
  });

  it('joins groups that share a note, directly or through others', () => {
    const note = (key: string, ...groups: string[]) => ({ key, labels: [], groups });
    const notes = [note('a', 'p'), note('b', 'q'), note('c'), note('d', 'r', 'q'), note('e', 'p', 'r')];
    assert.deepEqual(unitsOfNotes(notes), { unitOf: Int32Array.of(0, 0, 1, 0, 0), units: 2 });
  });
});
