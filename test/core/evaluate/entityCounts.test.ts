import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Annotation } from '../../../src/core/corpus/document';
import { countEntities } from '../../../src/core/evaluate/entityCounts';
import { maximumMatching } from '../../../src/core/evaluate/matching';
import type { Counts } from '../../../src/core/evaluate/rates';
import { addCounts, f1, NO_COUNTS } from '../../../src/core/evaluate/rates';

const LABELS = ['DIS', 'ANA'];

/** Lines such as `  [---] DIS`: the place under the text's characters, then the label; two places are two fragments. */
function drawn(lines: string): Annotation[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      label: /\w+$/.exec(line)![0],
      fragments: [...line.matchAll(/\[-*\]|[|]/g)].map(({ index, 0: mark }) => ({
        start: index,
        end: index + mark.length,
      })),
    }));
}

const credit = (counts: Counts | Counts[]): string => {
  const { truePositives, falsePositives, falseNegatives } = [counts].flat().reduce(addCounts, NO_COUNTS);
  return `${truePositives} of ${truePositives + falseNegatives} gold, ${truePositives + falsePositives} predicted`;
};

interface Case {
  readonly name: string;
  readonly gold: string;
  readonly predicted: string;
  readonly expected: Record<'strict' | 'exact' | 'partial' | 'type', string>;
}

const cases: Case[] = [
  {
    name: 'the same',
    gold: '[---] DIS',
    predicted: '[---] DIS',
    expected: {
      strict: '1 of 1 gold, 1 predicted',
      exact: '1 of 1 gold, 1 predicted',
      partial: '1 of 1 gold, 1 predicted',
      type: '1 of 1 gold, 1 predicted',
    },
  },
  {
    name: 'another label',
    gold: '[---] DIS',
    predicted: '[---] ANA',
    expected: {
      strict: '0 of 1 gold, 1 predicted',
      exact: '1 of 1 gold, 1 predicted',
      partial: '1 of 1 gold, 1 predicted',
      type: '0 of 1 gold, 1 predicted',
    },
  },
  {
    name: 'another end',
    gold: '[---] DIS',
    predicted: '[-] DIS',
    expected: {
      strict: '0 of 1 gold, 1 predicted',
      exact: '0 of 1 gold, 1 predicted',
      partial: '0.5 of 1 gold, 1 predicted',
      type: '1 of 1 gold, 1 predicted',
    },
  },
  {
    name: 'one prediction over two entities finds one of them',
    gold: '[-]       DIS\n     [--] DIS',
    predicted: '[-------] DIS',
    expected: {
      strict: '0 of 2 gold, 1 predicted',
      exact: '0 of 2 gold, 1 predicted',
      partial: '0.5 of 2 gold, 1 predicted',
      type: '1 of 2 gold, 1 predicted',
    },
  },
  {
    name: 'a nested pair where taking the first overlap would lose one',
    gold: '[--------] DIS\n[--]       DIS',
    predicted: '[---]      DIS\n      [--] DIS',
    expected: {
      strict: '0 of 2 gold, 2 predicted',
      exact: '0 of 2 gold, 2 predicted',
      partial: '1 of 2 gold, 2 predicted',
      type: '2 of 2 gold, 2 predicted',
    },
  },
  {
    name: 'a nested entity of another label at the same place',
    gold: '[---] DIS\n[---] ANA',
    predicted: '[---] ANA\n[---] DIS',
    expected: {
      strict: '2 of 2 gold, 2 predicted',
      exact: '2 of 2 gold, 2 predicted',
      partial: '2 of 2 gold, 2 predicted',
      type: '2 of 2 gold, 2 predicted',
    },
  },
  {
    name: 'a discontinuous entity is not its outer bounds',
    gold: '[--]   [-] DIS\n    |      ANA',
    predicted: '[--------] DIS\n    |      ANA',
    expected: {
      strict: '1 of 2 gold, 2 predicted',
      exact: '1 of 2 gold, 2 predicted',
      partial: '1.5 of 2 gold, 2 predicted',
      type: '2 of 2 gold, 2 predicted',
    },
  },
  {
    name: 'neighbours do not overlap, labels that nobody asked for do not count',
    gold: '[-]    DIS\n[-]    DEV',
    predicted: '   [-] DIS',
    expected: {
      strict: '0 of 1 gold, 1 predicted',
      exact: '0 of 1 gold, 1 predicted',
      partial: '0 of 1 gold, 1 predicted',
      type: '0 of 1 gold, 1 predicted',
    },
  },
];

describe('countEntities', () => {
  for (const { name, gold, predicted, expected } of cases) {
    it(name, () => {
      const counts = countEntities(drawn(gold), drawn(predicted), LABELS);
      const found = Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, credit(value)]));
      assert.deepEqual(found, expected);
    });
  }

  const annotation = fc
    .record({
      label: fc.constantFrom(...LABELS),
      start: fc.nat(8),
      length: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ label, start, length }) => ({ label, fragments: [{ start, end: start + length }] }));
  const some = fc.array(annotation, { maxLength: 5 });

  it('gives the highest credit that any matching one to one gives', () => {
    fc.assert(
      fc.property(some, some, (gold, predicted) => {
        const { partial, exact, strict, type } = countEntities(gold, predicted, LABELS);
        const all = (counts: Counts[]): number => counts.reduce((sum, one) => sum + one.truePositives, 0);
        assert.equal(
          partial.truePositives,
          bestCredit(gold, predicted, (a, b) => (same(a, b) ? 1 : meet(a, b) / 2)),
        );
        assert.equal(
          exact.truePositives,
          bestCredit(gold, predicted, (a, b) => Number(same(a, b))),
        );
        assert.equal(
          all(strict),
          bestCredit(gold, predicted, (a, b) => Number(same(a, b) && a.label === b.label)),
        );
        assert.equal(
          all(type),
          bestCredit(gold, predicted, (a, b) => (a.label === b.label ? meet(a, b) : 0)),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('does not depend on the order, nor on which side is gold', () => {
    fc.assert(
      fc.property(some, some, (gold, predicted) => {
        const counts = countEntities(gold, predicted, LABELS);
        assert.deepEqual(countEntities([...gold].reverse(), [...predicted].reverse(), LABELS), counts);
        const swapped = countEntities(predicted, gold, LABELS);
        for (const key of ['exact', 'partial'] as const) assert.equal(f1(swapped[key]), f1(counts[key]));
      }),
    );
  });
});

describe('maximumMatching', () => {
  it('lets a chain of ten thousand shift by one', () => {
    const size = 10_000;
    const neighbours = Array.from({ length: size }, (_, i) => (i < size - 1 ? [i, i + 1] : [0]));
    assert.equal(maximumMatching(neighbours, size), size);
  });
});

const same = (a: Annotation, b: Annotation): boolean =>
  a.fragments[0]!.start === b.fragments[0]!.start && a.fragments[0]!.end === b.fragments[0]!.end;
const meet = ({ fragments: [a] }: Annotation, { fragments: [b] }: Annotation): number =>
  a!.start < b!.end && b!.start < a!.end ? 1 : 0;

/** By trying every matching. */
function bestCredit(
  gold: readonly Annotation[],
  predicted: readonly Annotation[],
  creditOf: (a: Annotation, b: Annotation) => number,
): number {
  const [first, ...rest] = gold;
  if (!first) return 0;
  const without = bestCredit(rest, predicted, creditOf);
  const partners = predicted.map(
    (other, i) => creditOf(first, other) + bestCredit(rest, predicted.toSpliced(i, 1), creditOf),
  );
  return Math.max(without, ...partners);
}
