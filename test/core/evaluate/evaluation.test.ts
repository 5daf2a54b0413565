import assert from 'node:assert/strict';
import type { Annotation, CorpusDocument } from '../../../src/core/corpus/document';
import type { ScoredDocument } from '../../../src/core/evaluate/evaluation';
import {
  honestLabelThresholds,
  honestThresholds,
  honestTokens,
  paperProtocol,
} from '../../../src/core/evaluate/evaluation';
import { totalCounts } from '../../../src/core/evaluate/noteCounts';
import type { TokenTask } from '../../../src/core/evaluate/tokenRows';

const span = (label: string, start: number, end: number): Annotation => ({
  label,
  fragments: [{ start, end }],
});

/** A note of words of three letters, what a model said of each (logits by output), and gold. */
function scored(rows: readonly number[][], annotations: Annotation[]): ScoredDocument {
  const text = rows.map(() => 'dor').join(' ');
  const document: CorpusDocument = { id: 'n', text, annotations };
  const starts = Int32Array.from(rows, (_, i) => 4 * i);
  const ends = starts.map((start) => start + 3);
  const logits = Float32Array.from(rows.flat());
  const special = new Uint8Array(rows.length);
  const encoding = { ids: Int32Array.from(rows, () => 5), starts, ends, special };
  const probabilities = logits.map((x) => 1 / (1 + Math.exp(-x)));
  const window = { contextStart: 0, start: 0, end: text.length, contextEnd: text.length };
  return {
    document,
    scores: {
      text,
      windows: [{ window, tokens: { starts, ends, probabilities } }],
      paper: { encoding, logits, length: rows.length + 1, cut: 0 },
    },
  };
}

describe('token views of a model', () => {
  it('count no label at all where each token has one: neither as an output nor in averages', () => {
    const task: TokenTask = { outputs: ['O', 'DIS'], labels: ['DIS'], scheme: 'IO', activation: 'softmax' };
    const rows = [
      [2, 0],
      [0, 2],
      [1, 2],
    ];
    const note = scored(rows, [span('DIS', 4, 7)]);
    const paper = paperProtocol([note], task, 'here');
    assert.deepEqual([paper.tables.shared.labels, paper.rows, paper.computed], [['DIS'], 4, 'here']);
    // Softmax: 0.88 of the gold token, 0.73 of the other, which a sigmoid would not tell apart.
    assert.ok(paper.thresholds.shared >= 0.73 && paper.thresholds.shared < 0.88);
    assert.deepEqual(totalCounts(paper.tables.shared), [
      { truePositives: 1, falsePositives: 0, falseNegatives: 0 },
    ]);
    const origins = { thresholds: { shared: 0.5, perLabel: [0.5] }, from: 'x', computed: 'y' };
    assert.deepEqual(honestTokens([note], task, origins).tables.shared.labels, ['DIS']);
  });

  it('choose one threshold for B- and I- of a label together, for its entities', () => {
    const outputs = ['B-DIS', 'I-DIS'];
    const task: TokenTask = { outputs, labels: ['DIS'], scheme: 'BIO', activation: 'sigmoid' };
    const rows = [
      [-1, -3],
      [-3, -1],
      [-2, -2],
    ];
    const note = scored(rows, [span('DIS', 0, 7)]);
    const { DIS } = honestLabelThresholds([note], task);
    assert.ok(DIS! >= 0.12 && DIS! < 0.27, `${DIS}`);
    assert.equal(honestThresholds([note], task).perLabel.length, 2);
  });
});
