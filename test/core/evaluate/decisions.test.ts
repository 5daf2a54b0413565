import assert from 'node:assert/strict';
import type { Annotation, CorpusDocument } from '../../../src/core/corpus/document';
import { decisionViews } from '../../../src/core/evaluate/decisions';
import { totalCounts } from '../../../src/core/evaluate/noteCounts';
import { STUDY_LENGTH } from '../../../src/core/evaluate/tokenRows';
import type { Tokenizer } from '../../../src/core/tokenize/encoding';

/** A token a word, the blank before it included where the library's spans are asked for; a special token at each end. */
const words: Tokenizer = {
  padId: 0,
  modelMaxLength: undefined,
  encode: (text, spans = 'words') => {
    const found = [...text.matchAll(/ ?\S+/g)].map(
      ({ 0: word, index }) => [index, index + word.length] as const,
    );
    const starts = found.map(([start]) => (spans === 'words' && text[start] === ' ' ? start + 1 : start));
    return {
      ids: Int32Array.from([1, ...found.map(() => 5), 2]),
      starts: Int32Array.from([0, ...starts, text.length]),
      ends: Int32Array.from([0, ...found.map(([, end]) => end), text.length]),
      special: Uint8Array.from([1, ...found.map(() => 0), 1]),
    };
  },
};

const span = (label: string, start: number, end: number): Annotation => ({
  label,
  fragments: [{ start, end }],
});

describe('decisions in the token views', () => {
  it('count tokens, cut at the study’s length in its view alone', () => {
    const text = 'dor em MMII ' + 'a '.repeat(STUDY_LENGTH) + 'tosse';
    const gold = [span('DIS', 0, 3), span('ANA', 7, 11), span('DIS', text.length - 5, text.length)];
    const note: CorpusDocument = { id: 'n', text, annotations: gold };
    const { views, tokensCut } = decisionViews(
      [note],
      [[span('DIS', 0, 6), ...gold.slice(2)]],
      ['DIS', 'ANA'],
      words,
    );
    assert.equal(tokensCut, STUDY_LENGTH + 4 + 2 - STUDY_LENGTH);
    const found = views.map(({ view, rows, tables, ranked }) => [
      view,
      rows,
      totalCounts(tables.shared),
      ranked,
    ]);
    const counts = (tp: number, fp: number, fn: number) => ({
      truePositives: tp,
      falsePositives: fp,
      falseNegatives: fn,
    });
    assert.deepEqual(found, [
      ['paper protocol', STUDY_LENGTH, [counts(1, 1, 0), counts(0, 0, 1)], undefined],
      ['honest token', STUDY_LENGTH + 4, [counts(2, 1, 0), counts(0, 0, 1)], undefined],
    ]);
  });
});
