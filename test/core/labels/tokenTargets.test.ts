import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Annotation } from '../../../src/core/corpus/document';
import type { TargetOptions } from '../../../src/core/labels/tokenTargets';
import { entitiesOfTargets, outputLabels, tokenTargets } from '../../../src/core/labels/tokenTargets';

/** Tokens as `|`-separated pieces, each with the blanks it holds; `<s>`-like tokens without width are empty pieces. */
function tokensOf(pieces: string) {
  const ends: number[] = [];
  let at = 0;
  for (const piece of pieces.split('|')) ends.push((at += piece.length));
  const starts = [0, ...ends.slice(0, -1)];
  return {
    text: pieces.replaceAll('|', ''),
    tokens: { starts: Int32Array.from(starts), ends: Int32Array.from(ends) },
  };
}

const mark = (label: string, ...places: [number, number][]): Annotation => ({
  label,
  fragments: places.map(([start, end]) => ({ start, end })),
});

/** Outputs of each token, `-` for none. */
function drawn(pieces: string, annotations: Annotation[], options: Partial<TargetOptions> = {}): string {
  const all = { labels: ['DIS', 'ANA'], scheme: 'IO', ...options } as const;
  const { tokens } = tokensOf(pieces);
  const outputs = outputLabels(all.labels, all.scheme);
  const targets = tokenTargets(tokens, annotations, all);
  return Array.from(tokens.starts, (_, token) => {
    const own = outputs.filter((_, i) => targets[token * outputs.length + i] === 1);
    return own.length === 0 ? '-' : own.join('+');
  }).join(' ');
}

describe('tokenTargets', () => {
  const nested = [mark('DIS', [0, 13]), mark('ANA', [9, 13])];

  for (const [what, annotations, io, bio] of [
    [
      'nested annotations',
      nested,
      '- DIS DIS DIS DIS DIS+ANA DIS+ANA -',
      '- B-DIS I-DIS I-DIS I-DIS I-DIS+B-ANA I-DIS+I-ANA -',
    ],
    [
      'part of a token',
      [mark('DIS', [1, 3]), mark('ANA', [10, 12])],
      '- DIS - - - ANA ANA -',
      '- I-DIS - - - I-ANA I-ANA -',
    ],
    [
      'overlap of one label',
      [mark('DIS', [0, 8]), mark('DIS', [6, 13])],
      '- DIS DIS DIS DIS DIS DIS -',
      '- B-DIS I-DIS B-DIS+I-DIS I-DIS I-DIS I-DIS -',
    ],
    ['fragments', [mark('DIS', [0, 5], [9, 11])], '- DIS - - - DIS - -', '- B-DIS - - - I-DIS - -'],
    ['other labels and empty spans', [mark('XXX', [0, 5]), mark('DIS', [2, 2])], ...both('- - - - - - - -')],
  ] as [string, Annotation[], string, string][]) {
    // Blanks between words are tokens here.
    it(`${what}: as the study builds them`, () => {
      assert.equal(drawn('|edema| |em| |MM|II|', annotations), io);
      assert.equal(drawn('|edema| |em| |MM|II|', annotations, { scheme: 'BIO' }), bio);
    });
  }

  it('has no B- where tokens hold the blank before them, unless the first token is asked for', () => {
    const bio = { scheme: 'BIO' } as const;
    assert.equal(drawn('|edema| em| MM|II|', nested, bio), '- B-DIS I-DIS I-DIS+I-ANA I-DIS+I-ANA -');
    assert.equal(
      drawn('|edema| em| MM|II|', nested, { ...bio, begin: 'first' }),
      '- B-DIS I-DIS I-DIS+B-ANA I-DIS+I-ANA -',
    );
  });

  it('equals the study’s loop over all tokens and annotations', () => {
    const labels = ['A', 'B'];
    const span = fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { maxLength: 12 }),
        fc.array(span, { maxLength: 6 }),
        (widths, spans) => {
          const ends = widths.map(
            (
              (at) => (width: number) =>
                (at += width)
            )(0),
          );
          const tokens = { starts: Int32Array.from([0, ...ends].slice(0, -1)), ends: Int32Array.from(ends) };
          if (ends.length === 0) tokens.starts = new Int32Array(0);
          const annotations = spans.map(([label, a, b]) => mark(label, [Math.min(a, b), Math.max(a, b)]));
          const expected = ends.flatMap((end, i) => {
            const row = [0, 0, 0, 0];
            for (const { label, fragments } of annotations) {
              const [{ start, end: to }] = [fragments[0]!];
              const from = tokens.starts[i]!;
              if (from === end || start === to || !(start < end && from < to) || label === 'C') continue;
              row[2 * labels.indexOf(label) + (from === start ? 0 : 1)] = 1;
            }
            return row;
          });
          assert.deepEqual([...tokenTargets(tokens, annotations, { labels, scheme: 'BIO' })], expected);
        },
      ),
    );
  });
});

describe('entitiesOfTargets', () => {
  it('gives BIO annotations back, neighbours apart', () => {
    const options = { labels: ['DIS', 'ANA'], scheme: 'BIO' } as const;
    const { text, tokens } = tokensOf('|edema| |dor| |em| |MMII|');
    const annotations = [mark('DIS', [0, 5]), mark('DIS', [6, 17]), mark('ANA', [13, 17])];
    const found = entitiesOfTargets(text, tokens, tokenTargets(tokens, annotations, options), options);
    assert.deepEqual(found, [
      { start: 0, end: 5, label: 'DIS', score: 1 },
      { start: 6, end: 17, label: 'DIS', score: 1 },
      { start: 13, end: 17, label: 'ANA', score: 1 },
    ]);
  });
});

function both(line: string): [string, string] {
  return [line, line];
}
