import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countOverlaps, describeCorpus, distribution } from '../../../src/core/corpus/corpusReport';
import type { Annotation, CorpusDocument } from '../../../src/core/corpus/document';
import { nearDuplicates } from '../../../src/core/corpus/nearDuplicates';

const at = (label: string, ...places: [number, number][]): Annotation => ({
  label,
  fragments: places.map(([start, end]) => ({ start, end })),
});

describe('corpus report', () => {
  it('counts pairs of annotations that share characters, by kind', () => {
    assert.deepEqual(
      countOverlaps([
        at('A', [0, 10]),
        at('B', [2, 4]), // nested in the first
        at('B', [8, 12]), // crosses the first
        at('A', [20, 22], [30, 32]),
        at('B', [23, 29]), // in the gap: shares nothing
        at('B', [20, 22], [30, 32]), // the same span, another label
        at('A', [40, 41]),
        at('A', [40, 41]), // repeated
      ]),
      { nested: 1, crossing: 1, sameSpan: 1, repeated: 1 },
    );
  });

  it('takes quantiles as NumPy does', () => {
    assert.deepEqual(distribution([4, 1, 3, 2]), {
      min: 1,
      quarter: 1.75,
      median: 2.5,
      threeQuarters: 3.25,
      p95: 3.8499999999999996,
      max: 4,
      mean: 2.5,
    });
    assert.equal(distribution([]).mean, 0);
  });

  it('measures agreement where several marked a text', () => {
    const one = (annotator: string, ...annotations: Annotation[]): CorpusDocument => ({
      id: annotator,
      text: 'dor em MMII',
      annotations,
      annotator,
    });
    const { agreement, duplicates, labels, tokens, annotators } = describeCorpus({
      documents: [
        one('ana', at('D', [0, 3]), at('A', [7, 11])),
        one('caio', at('D', [0, 6]), at('A', [7, 11])),
      ],
      problems: [],
    });
    assert.deepEqual([agreement!.texts, agreement!.pairs], [1, 1]);
    assert.equal(agreement!.exact, 0.5);
    assert.equal(agreement!.characters, (2 * 7) / (7 + 10));
    assert.deepEqual(agreement!.perLabel.get('A'), { exact: 1, characters: 1 });
    assert.deepEqual(duplicates, [['ana', 'caio']]);
    assert.deepEqual(
      [...labels],
      [
        ['A', { entities: 2, notes: 2 }],
        ['D', { entities: 2, notes: 2 }],
      ],
    );
    assert.deepEqual([tokens, annotators], [6, ['ana', 'caio']]);
  });

  it('finds near-duplicates and nothing else', () => {
    const words = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `p${from + i}`).join(' ');
    const texts = [
      words(0, 100),
      words(200, 300),
      `${words(0, 99).toUpperCase()} novo`,
      words(50, 150),
      '',
      'dor',
      'Dor.',
    ];
    assert.deepEqual(nearDuplicates(texts), [
      [0, 2],
      [5, 6],
    ]);
  });

  it('joins notes that are the same but for one word at the end', () => {
    const note = fc.array(fc.stringMatching(/^[a-z]{2,6}$/), { minLength: 40, maxLength: 60 });
    fc.assert(
      fc.property(note, (words) => {
        const groups = nearDuplicates([words.join(' '), [...words.slice(0, -1), 'x'].join('  ')]);
        assert.deepEqual(groups, [[0, 1]]);
      }),
      { numRuns: 50 },
    );
  });
});
