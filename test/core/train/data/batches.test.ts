import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRng } from '../../../../src/core/random';
import type { Batching, WindowPlace } from '../../../../src/core/train/data/batches';
import { placeWindows, planSteps, textsApart } from '../../../../src/core/train/data/batches';
import { lossTokens, stepExamples } from '../../../../src/core/train/data/examples';
import type { TokenizedNote } from '../../../../src/core/train/data/tokenizedNote';
import { CUT_RANK, cutTokens } from '../../../../src/core/train/data/windowCuts';

const ranks = fc.uint8Array({ max: 2, maxLength: 400 });
const room = fc.integer({ min: 1, max: 60 });

describe('cutTokens', () => {
  it('gives every token once, in ranges within the room', () => {
    fc.assert(
      fc.property(ranks, room, fc.option(fc.nat(), { nil: undefined }), (all, most, seed) => {
        let end = 0;
        for (const [from, to] of cutTokens(all, most, seed === undefined ? undefined : seededRng(seed))) {
          assert.equal(from, end);
          assert.ok(to > from && to - from <= most);
          end = to;
        }
        assert.equal(end, all.length);
      }),
    );
  });

  it('cuts at the word start nearest to even pieces, and between tokens where there is none', () => {
    const word = (...starts: number[]): Uint8Array =>
      Uint8Array.from({ length: 20 }, (_, i) => (starts.includes(i) ? CUT_RANK.word : CUT_RANK.token));
    assert.deepEqual(cutTokens(word(0, 8, 13), 12), [
      [0, 8],
      [8, 20],
    ]);
    assert.deepEqual(cutTokens(word(0), 12), [
      [0, 10],
      [10, 20],
    ]);
    const bytes = new Uint8Array(20).fill(CUT_RANK.never);
    bytes[4] = CUT_RANK.token;
    assert.deepEqual(cutTokens(bytes, 12)[0], [0, 10], 'a token further than half away is too far');
    bytes[9] = CUT_RANK.token;
    assert.deepEqual(cutTokens(bytes, 12)[0], [0, 9]);
  });

  it('makes no more pieces than needed where every token is a word', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), room, fc.nat(), (count, most, seed) => {
        const words = new Uint8Array(count).fill(CUT_RANK.word);
        const least = Math.ceil(count / most);
        assert.equal(cutTokens(words, most).length, least);
        assert.equal(cutTokens(words, most, seededRng(seed)).length, least);
      }),
    );
  });

  it('moves cuts with the seed', () => {
    const words = new Uint8Array(100).fill(CUT_RANK.word);
    const cuts = new Set(
      Array.from({ length: 20 }, (_, seed) => cutTokens(words, 60, seededRng(seed))[0]![1]),
    );
    assert.ok(cuts.size > 5 && Math.max(...cuts) <= 60 && Math.min(...cuts) >= 40, String([...cuts]));
  });
});

const OUTPUTS = 3;

/** Notes whose tokens are all different, so that each can be followed. */
function numbered(lengths: readonly number[]): TokenizedNote[] {
  let next = 10;
  return lengths.map((length) => {
    const ids = Int32Array.from({ length }, () => next++);
    return {
      ids,
      before: Int32Array.of(1),
      after: Int32Array.of(2),
      cutRanks: new Uint8Array(length).fill(CUT_RANK.word),
      visible: Uint8Array.from(ids, (id) => (id % 7 === 0 ? 0 : 1)),
      continues: new Uint8Array(length),
      targets: Uint8Array.from(
        { length: length * OUTPUTS },
        (_, i) => (ids[Math.floor(i / OUTPUTS)]! >> (i % OUTPUTS)) & 1,
      ),
    };
  });
}

const lengths = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 40 });
const batchings: fc.Arbitrary<Batching> = fc.record({
  by: fc.constantFrom('notes', 'tokens'),
  size: fc.integer({ min: 1, max: 100 }),
  accumulate: fc.integer({ min: 1, max: 4 }),
  buckets: fc.constantFrom('epoch', 'step', 'none'),
});

describe('planSteps', () => {
  const place = ({ note, range }: WindowPlace): string => `${note}:${range.join('-')}`;

  it('has every window once as drawn and once as computed, the same step, within the size', () => {
    fc.assert(
      fc.property(lengths, batchings, fc.nat(), (counts, batching, seed) => {
        const rng = seededRng(seed);
        const windows = placeWindows(numbered(counts), 32, rng);
        const steps = planSteps(windows, batching, rng);
        const sorted = (all: readonly WindowPlace[]): string[] => all.map(place).sort();
        assert.deepEqual(sorted(steps.flatMap(({ drawn }) => drawn.flat())), sorted(windows));
        for (const { drawn, computed } of steps) {
          assert.deepEqual(sorted(computed.flat()), sorted(drawn.flat()));
          assert.ok(drawn.length <= batching.accumulate);
          for (const batch of [...drawn, ...computed]) {
            const longest = Math.max(...batch.map(({ length }) => length));
            const size = batching.by === 'notes' ? batch.length : batch.length * longest;
            assert.ok(batch.length === 1 || size <= batching.size);
          }
        }
      }),
    );
  });

  it('computes with hardly any padding unless told not to bucket', () => {
    const counts = Array.from({ length: 200 }, (_, i) => 1 + ((i * 37) % 90));
    const padding = (buckets: Batching['buckets']): number => {
      const windows = placeWindows(numbered(counts), 512, undefined);
      const batches = planSteps(
        windows,
        { by: 'notes', size: 10, accumulate: 5, buckets },
        seededRng(1),
      ).flatMap(({ computed }) => computed);
      const of = (batch: readonly WindowPlace[]): number =>
        batch.length * Math.max(...batch.map(({ length }) => length));
      const padded = batches.reduce((sum, batch) => sum + of(batch), 0);
      return 1 - windows.reduce((sum, { length }) => sum + length, 0) / padded;
    };
    assert.ok(padding('none') > 0.3, String(padding('none')));
    assert.ok(padding('step') < 0.1, String(padding('step')));
    assert.ok(padding('epoch') < 0.1, String(padding('epoch')));
  });

  it('computes windows that need no padding by so many at a time, and the rest one by one', () => {
    fc.assert(
      fc.property(lengths, batchings, fc.nat(), (counts, batching, seed) => {
        const apart = textsApart({ batching, padTo: null }, 'cpu');
        const windows = placeWindows(numbered(counts), 32, undefined);
        for (const { drawn, computed } of planSteps(windows, batching, seededRng(seed), apart)) {
          assert.deepEqual(computed.flat().map(place).sort(), drawn.flat().map(place).sort());
          if (apart === 0) continue;
          const count = drawn.flat().length;
          const sizes = computed.map(({ length }) => length);
          const rest = new Array<number>(count % apart).fill(1);
          assert.deepEqual(sizes, [...new Array<number>(Math.floor(count / apart)).fill(apart), ...rest]);
        }
      }),
    );
  });

  it('computes up to four together, a batch in as few and even parts as may be, where nothing need be padded', () => {
    const batching = { by: 'notes', size: 4, accumulate: 1, buckets: 'step' } as const;
    const apart = (size: number) => textsApart({ batching: { ...batching, size }, padTo: null }, 'cpu');
    assert.deepEqual([1, 4, 5, 6, 10, 32].map(apart), [1, 4, 3, 3, 4, 4]);
    const padded = [
      textsApart({ batching, padTo: null }, 'webgpu'),
      textsApart({ batching, padTo: 512 }, 'cpu'),
      textsApart({ batching: { ...batching, buckets: 'none' }, padTo: null }, 'cpu'),
      textsApart({ batching: { ...batching, by: 'tokens', size: 2048 }, padTo: null }, 'cpu'),
    ];
    assert.deepEqual(padded, [0, 0, 0, 0]);
  });

  it('counts a note as one, however many windows it has', () => {
    const windows = placeWindows(numbered([5, 0, 90, 400]), 32, undefined);
    const shares = windows.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(shares - 3) < 1e-9);
  });
});

describe('stepExamples', () => {
  const loss = fc.record({
    tokens: fc.constantFrom('visible', 'attended'),
    mean: fc.constantFrom('step', 'batch'),
  });

  it('has every token of every note with its targets, and weights that sum to one', () => {
    fc.assert(
      fc.property(lengths, batchings, loss, fc.nat(), (counts, batching, options, seed) => {
        const notes = numbered(counts);
        const rng = seededRng(seed);
        const seen: number[] = [];
        for (const step of planSteps(placeWindows(notes, 32, rng), batching, rng)) {
          const examples = stepExamples(step, notes, options).flat();
          const sum = examples.reduce((total, { weights }) => total + weights.reduce((a, b) => a + b, 0), 0);
          const empty = step.drawn.filter((batch) =>
            batch.every((window) => lossTokens(notes[window.note]!, window, options) === 0),
          ).length;
          const expected =
            options.mean === 'batch' ? 1 - empty / step.drawn.length : Number(empty < step.drawn.length);
          assert.ok(Math.abs(sum - expected) < 1e-5, `${sum}, not ${expected}`);
          for (const { ids, targets, weights } of examples) {
            assert.deepEqual([ids[0], ids.at(-1)], [1, 2]);
            ids.forEach((id, token) => {
              const special = token === 0 || token === ids.length - 1;
              if (!special) seen.push(id);
              for (let o = 0; o < OUTPUTS; o++)
                assert.equal(targets[token * OUTPUTS + o], special ? 0 : (id >> o) & 1);
              const counts = options.tokens === 'attended' || (!special && id % 7 !== 0);
              assert.equal(weights[token]! > 0, counts);
            });
          }
        }
        assert.deepEqual(
          seen.sort((a, b) => a - b),
          notes.flatMap(({ ids }) => [...ids]),
        );
      }),
    );
  });

  it('is the study’s loss, whatever is computed together', () => {
    const notes = numbered([4, 30, 9, 17, 2, 25]);
    const windows = placeWindows(notes, 512, undefined);
    const [step] = planSteps(windows, { by: 'notes', size: 3, accumulate: 2, buckets: 'step' }, seededRng(5));
    const examples = stepExamples(step!, notes, { tokens: 'attended', mean: 'batch' }).flat();
    for (const batch of step!.drawn) {
      const attended = batch.reduce((sum, { length }) => sum + length, 0);
      for (const { note } of batch) {
        const own = examples.find(({ ids }) => ids[1] === notes[note]!.ids[0])!;
        assert.ok(own.weights.every((weight) => Math.abs(weight - 1 / attended / 2) < 1e-7));
      }
    }
  });
});
