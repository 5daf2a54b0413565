import assert from 'node:assert/strict';
import type { Annotation, CorpusDocument } from '../../../src/core/corpus/document';
import { groupsOf } from '../../../src/core/evaluate/evaluation';
import { pairPredictions } from '../../../src/core/evaluate/pairPredictions';
import { textNoteCounts } from '../../../src/core/evaluate/textView';
import { countUnits, textUnits } from '../../../src/core/evaluate/textUnits';
import { honestRows, paperRows, truncate } from '../../../src/core/evaluate/tokenRows';
import { bestSharedThreshold, thresholdHistogram } from '../../../src/core/evaluate/thresholds';
import { concatRows } from '../../../src/core/evaluate/scoredRows';
import { totalCounts } from '../../../src/core/evaluate/noteCounts';
import type { Encoding } from '../../../src/core/tokenize/encoding';
import { oracle } from './metricsOracle';

const span = (label: string, ...offsets: number[]): Annotation => ({
  label,
  fragments: offsets.flatMap((start, i) => (i % 2 === 0 ? [{ start, end: offsets[i + 1]! }] : [])),
});

const document = (
  id: string,
  text: string,
  annotations: Annotation[] = [],
  group?: string,
): CorpusDocument => ({
  id,
  text,
  annotations,
  ...(group === undefined ? {} : { group }),
});

/** `[CLS] dor forte [SEP]` and the like: words of four characters and a blank. */
function encoding(words: number): Encoding {
  const inner = Array.from({ length: words }, (_, i) => i);
  return {
    ids: Int32Array.from([101, ...inner, 102]),
    starts: Int32Array.from([0, ...inner.map((i) => i * 5), words * 5]),
    ends: Int32Array.from([0, ...inner.map((i) => i * 5 + 4), words * 5]),
    special: Uint8Array.from([1, ...inner.map(() => 0), 1]),
  };
}

describe('text units', () => {
  const text = 'PA 120/80, 😀 dor à palpac\u0327a\u0303o';

  it('words: runs of letters, digits and marks, everything else visible by itself', () => {
    const { starts, ends } = textUnits(text, 'words');
    const words = [...starts].map((start, i) => text.slice(start, ends[i]));
    assert.deepEqual(words, ['PA', '120', '/', '80', ',', '😀', 'dor', 'à', 'palpac\u0327a\u0303o']);
  });

  it('characters: code points', () => {
    assert.equal(textUnits(text, 'characters').starts.length, [...text].length);
  });

  it('a word has a label when it shares a character with an annotation; overlaps of one label count once', () => {
    const note = 'edema em MMII e dor';
    const gold = [span('DIS', 0, 13), span('DIS', 0, 5), span('DIS', 16, 19)];
    const predicted = [span('DIS', 3, 8), span('DIS', 14, 15), span('ANA', 9, 13)];
    const counts = countUnits(textUnits(note, 'words'), gold, predicted, ['DIS', 'ANA']);
    assert.deepEqual(counts, [
      { truePositives: 2, falsePositives: 1, falseNegatives: 2 },
      { truePositives: 0, falsePositives: 1, falseNegatives: 0 },
    ]);
  });

  it('the gap of a discontinuous annotation is not part of it', () => {
    const counts = countUnits(
      textUnits('dor no pé', 'characters'),
      [span('DIS', 0, 3, 7, 9)],
      [span('DIS', 0, 9)],
      ['DIS'],
    );
    assert.deepEqual(counts, [{ truePositives: 5, falsePositives: 4, falseNegatives: 0 }]);
  });
});

describe('textNoteCounts', () => {
  it('keeps a row a note in every table', () => {
    const notes = [document('a', 'dor forte', [span('DIS', 0, 9)]), document('b', 'sem queixas')];
    const tables = textNoteCounts(notes, [[span('DIS', 0, 3)], []], ['DIS']);
    const credit = Object.entries(tables).map(([name, table]) => [
      name,
      table.notes.length,
      totalCounts(table)[0]!.truePositives,
    ]);
    assert.deepEqual(credit, [
      ['characters', 2, 3],
      ['words', 2, 1],
      ['entities strict', 2, 0],
      ['entities exact', 2, 0],
      ['entities partial', 2, 0.5],
      ['entities type', 2, 1],
    ]);
  });
});

describe('paper protocol rows', () => {
  it('special tokens and padding are all-zero rows that are scored; what truncation cuts is not', () => {
    const whole = encoding(4);
    const cut = truncate(whole, 5);
    assert.deepEqual([...cut.ids], [101, 0, 1, 2, 102]);
    assert.equal(truncate(whole, 6), whole);
    const logits = Float32Array.from([0, 0, 0, 0, 0]);
    const task = { outputs: ['DIS'], labels: ['DIS'], scheme: 'IO', activation: 'sigmoid' } as const;
    const gold = [span('DIS', 0, 2), span('DIS', 15, 19)];
    const rows = paperRows(cut, logits, gold, task, 7);
    assert.deepEqual([...rows.truth], [0, 1, 0, 0, 0, 0, 0]);
    assert.deepEqual([...rows.scores], [0.5, 0.5, 0.5, 0.5, 0.5, 0, 0]);
    const computed = paperRows(cut, new Float32Array(7), gold, task, 7);
    assert.deepEqual([...computed.truth], [...rows.truth]);
    assert.deepEqual([...computed.scores], new Array(7).fill(0.5), 'padding that the encoder computed');
  });

  it('under BIO a token begins an entity that starts exactly where it starts, in the model’s own order of outputs', () => {
    const outputs = ['I-DIS', 'B-DIS'];
    const task = { outputs, labels: ['DIS'], scheme: 'BIO', activation: 'sigmoid' } as const;
    const gold = [span('DIS', 5, 14), span('DIS', 16, 19)];
    const rows = paperRows(encoding(4), new Float32Array(12), gold, task, 6);
    const flags = Array.from({ length: 6 }, (_, i) => `${rows.truth[2 * i]}${rows.truth[2 * i + 1]}`);
    assert.deepEqual(flags, ['00', '00', '01', '10', '10', '00']);
  });

  it('gives the study’s threshold on its logits of padded notes', () => {
    const padded = oracle.cases.find(({ logits }) => logits)!;
    const [outputs, length] = [Array.from({ length: padded.labels }, (_, i) => `L${i}`), 24];
    const notes = Array.from({ length: 3 }, (_, note) => {
      const cells = (values: number[]): number[] =>
        values.slice(note * length * padded.labels, (note + 1) * length * padded.labels);
      const annotations = cells(padded.truth).flatMap((truth, i) => {
        const [token, label] = [Math.floor(i / padded.labels) - 1, i % padded.labels];
        return truth === 1 ? [span(`L${label}`, token * 5, token * 5 + 4)] : [];
      });
      const task = { outputs, labels: outputs, scheme: 'IO', activation: 'sigmoid' } as const;
      const logits = Float32Array.from(cells(padded.logits!));
      const rows = paperRows(encoding(length - 2), logits, annotations, task, length);
      assert.deepEqual([...rows.truth], cells(padded.truth));
      return rows;
    });
    const { threshold, macroF1 } = bestSharedThreshold(thresholdHistogram(concatRows(outputs, notes)));
    assert.equal(threshold, padded.study.threshold);
    assert.ok(Math.abs(macroF1 - padded.study.macro.f1) < 1e-12);
  });
});

describe('honest token rows', () => {
  it('hold the tokens of every window, and nothing else', () => {
    const windows = [
      { starts: Int32Array.of(0), ends: Int32Array.of(4), probabilities: Float32Array.of(0.25) },
      { starts: Int32Array.of(5), ends: Int32Array.of(9), probabilities: Float32Array.of(0.75) },
    ];
    const rows = concatRows(
      ['DIS'],
      honestRows(windows, [span('DIS', 6, 7)], {
        outputs: ['DIS'],
        labels: ['DIS'],
        scheme: 'IO',
        activation: 'sigmoid',
      }),
    );
    assert.deepEqual(
      [[...rows.truth], [...rows.scores]],
      [
        [0, 1],
        [0.25, 0.75],
      ],
    );
  });
});

describe('pairPredictions', () => {
  const gold = [document('a', 'one'), document('b', 'two'), document('b/2', 'two'), document('c', 'three')];
  const [first, second, other] = [[span('X', 0, 1)], [span('Y', 0, 1)], [span('Z', 0, 1)]];

  it('finds predictions by text, and says what is missing and unknown', () => {
    const predictions = [
      document('p1', 'two', second),
      document('p2', 'one', first),
      document('p3', 'four', other),
    ];
    const { annotations, missing, unknown } = pairPredictions(gold, predictions);
    assert.deepEqual(annotations, [first, second, second, []]);
    assert.deepEqual([missing, unknown], [['c'], ['p3']]);
    assert.deepEqual(pairPredictions(gold, predictions, ['four']).unknown, []);
  });

  it('pairs texts that differ in their line breaks, and moves the spans', () => {
    const [windows, unix] = ['dor\r\nem MMII\r\n', 'dor\nem MMII\n'];
    const place = (text: string, words: string): Annotation =>
      span('X', text.indexOf(words), text.indexOf(words) + words.length);
    for (const [here, there] of [
      [windows, unix],
      [unix, windows],
    ] as const) {
      const found = pairPredictions(
        [document('a', here)],
        [document('p', there, [place(there, 'dor'), place(there, 'MMII')])],
      );
      assert.deepEqual(found.annotations, [[place(here, 'dor'), place(here, 'MMII')]]);
      assert.deepEqual([found.missing, found.unknown], [[], []]);
    }
  });

  it('pairs repeated texts in order', () => {
    const predictions = [document('p1', 'two', first), document('p2', 'two', second)];
    assert.deepEqual(pairPredictions(gold, predictions).annotations, [[], first, second, []]);
  });
});

describe('groupsOf', () => {
  it('keeps one text, and one group, together', () => {
    const notes = [document('a', 'one'), document('b', 'one'), document('c', 'two', [], 'patient')];
    assert.deepEqual(
      [...groupsOf(notes)],
      [
        ['a', 'a'],
        ['b', 'a'],
        ['c', 'patient'],
      ],
    );
  });
});
